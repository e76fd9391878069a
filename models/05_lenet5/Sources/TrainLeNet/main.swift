import LeNet
import Runner

Runner.train(leNetCatalog)
