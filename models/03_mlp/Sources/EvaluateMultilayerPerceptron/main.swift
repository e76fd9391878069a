import MultilayerPerceptron
import Runner

Runner.evaluate(multilayerPerceptronCatalog)
