import ChannelFusionLoRA
import Runner

Runner.train(channelFusionLoRACatalog)
