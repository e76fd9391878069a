import LeNet
import Runner

Runner.evaluate(leNetCatalog)
