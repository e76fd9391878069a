import MultilayerPerceptron
import Runner

Runner.train(multilayerPerceptronCatalog)
