import Runner
import SteelDefects

Runner.predict(steelDefectsCatalog)
