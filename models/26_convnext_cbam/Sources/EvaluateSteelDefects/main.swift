import Runner
import SteelDefects

Runner.evaluate(steelDefectsCatalog)
