import Adaline
import Runner

Runner.evaluate(adalineCatalog)
