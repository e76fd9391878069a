import Hopfield
import Runner

Runner.train(hopfieldCatalog)
