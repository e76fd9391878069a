import TripleBackbone
import Runner

Runner.train(tripleBackboneCatalog)
