import Vgg
import Runner

Runner.evaluate(vggCatalog)
