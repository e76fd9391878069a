import Alexnet
import Runner

Runner.train(alexnetCatalog)
