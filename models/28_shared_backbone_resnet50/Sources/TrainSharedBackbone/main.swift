import Captions
import SharedBackbone

CaptionsCommand.train(sharedBackboneCatalog)
