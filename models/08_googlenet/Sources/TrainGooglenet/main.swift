import Googlenet
import Runner

Runner.train(googlenetCatalog)
