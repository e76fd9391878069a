import Googlenet
import Runner

Runner.evaluate(googlenetCatalog)
