"""Makes prepared.json beside this script: what transformers' image processor of CLIP, the one on Pillow, makes of pictures from
a formula. Needs Pillow and transformers.

    python prepare.py

Channel c of the pixel (x, y) is (7 x + 13 y + 50 c + floor(x y / 5)) mod 256; of the result every 1009th number is kept.
"""

import json
import pathlib

import numpy as np
import transformers
from PIL import Image

processor = getattr(transformers, "CLIPImageProcessorPil", None) or transformers.CLIPImageProcessor
processor = processor(
    do_resize=True, size={"shortest_edge": 224}, resample=3, do_center_crop=True, crop_size={"height": 224, "width": 224},
    do_rescale=True, rescale_factor=1 / 255, do_normalize=True,
    image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711])
answers = []
for width, height in [(480, 48), (97, 31), (31, 97), (224, 224), (300, 224)]:
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([(7 * x + 13 * y + 50 * c + x * y // 5) % 256 for c in range(3)], -1).astype(np.uint8)
    result = np.asarray(processor(Image.fromarray(pixels), return_tensors="np")["pixel_values"])
    assert result.shape == (1, 3, 224, 224)
    answers.append({"width": width, "height": height, "every": 1009,
                    "numbers": [round(float(v), 6) for v in result.reshape(-1)[::1009]]})
(pathlib.Path(__file__).parent / "prepared.json").write_text(json.dumps(answers) + "\n")
