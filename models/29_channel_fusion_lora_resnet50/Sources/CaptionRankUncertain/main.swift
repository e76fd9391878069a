import Captions

CaptionsCommand.program("rank-uncertain")
