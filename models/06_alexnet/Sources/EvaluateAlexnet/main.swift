import Alexnet
import Runner

Runner.evaluate(alexnetCatalog)
