import Captions

CaptionsCommand.program("create-dataset")
