import NewModel
import Runner

Runner.train(newModelCatalog)
