import TripleBackbone
import Runner

Runner.evaluate(tripleBackboneCatalog)
