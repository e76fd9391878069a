import Vgg
import Runner

Runner.train(vggCatalog)
