import Captions

CaptionsCommand.program("infer")
