import Runner
import SteelDefects

Runner.train(steelDefectsCatalog)
