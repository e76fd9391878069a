import SharedBackbone
import Runner

Runner.train(sharedBackboneCatalog)
