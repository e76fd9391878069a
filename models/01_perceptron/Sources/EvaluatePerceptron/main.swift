import Perceptron
import Runner

Runner.evaluate(perceptronCatalog)
