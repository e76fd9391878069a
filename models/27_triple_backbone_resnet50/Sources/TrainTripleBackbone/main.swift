import Captions
import TripleBackbone

CaptionsCommand.train(tripleBackboneCatalog)
