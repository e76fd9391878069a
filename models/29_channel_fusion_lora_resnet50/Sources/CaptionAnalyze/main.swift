import Captions

CaptionsCommand.program("analyze")
