import Adaline
import Runner

Runner.train(adalineCatalog)
