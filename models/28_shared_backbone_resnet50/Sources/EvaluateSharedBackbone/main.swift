import SharedBackbone
import Runner

Runner.evaluate(sharedBackboneCatalog)
