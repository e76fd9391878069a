import Hopfield
import Runner

Runner.evaluate(hopfieldCatalog)
