import ChannelFusionLoRA
import Runner

Runner.evaluate(channelFusionLoRACatalog)
