import NewModel
import Runner

Runner.evaluate(newModelCatalog)
