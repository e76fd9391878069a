import Perceptron
import Runner

Runner.train(perceptronCatalog)
