import Captions

CaptionsCommand.program("list-models")
