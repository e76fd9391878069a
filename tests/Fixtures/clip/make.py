"""Makes clip.json beside this script: what transformers' CLIPVisionModel answers with weights from a formula. Needs torch and
transformers.

    python make.py

Number i of tensor k, in the order of their names, is 0.05 sin(0.7 i + k), and 1 more in the weight of a norm; pixel i of the
picture is sin(0.1 i).
"""

import json
import pathlib

import torch
from transformers import CLIPVisionConfig, CLIPVisionModel

config = CLIPVisionConfig(
    hidden_size=128, intermediate_size=512, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=8
)
model = CLIPVisionModel(config).eval()
state = {name: value for name, value in model.named_parameters()}
prefix = "" if next(iter(state)).startswith("vision_model.") else "vision_model."
with torch.no_grad():
    for k, name in enumerate(sorted(state)):
        value = state[name]
        numbers = 0.05 * torch.sin(0.7 * torch.arange(value.numel(), dtype=torch.float64) + k)
        if "norm" in name and name.endswith("weight"):
            numbers = numbers + 1
        value.copy_(numbers.reshape(value.shape).float())
    x = torch.sin(0.1 * torch.arange(2 * 3 * 32 * 32, dtype=torch.float64)).float().reshape(2, 3, 32, 32)
    pooled = model(pixel_values=x).pooler_output
answer = {"names": [prefix + name for name in sorted(state)], "pooled": pooled.flatten().tolist()}
(pathlib.Path(__file__).parent / "clip.json").write_text(json.dumps(answer, indent=1) + "\n")
