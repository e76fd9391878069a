"""Writes small PNG and JPEG files and, in expected.json, what Pillow 13.0.0 (libjpeg-turbo 3.2.0) decodes from them.

Run in this folder with Pillow and numpy.
"""

import json
import struct
import zlib

import numpy as np
from PIL import Image

W, H = 13, 9
rng = np.random.default_rng(6)
y, x = np.mgrid[0:H, 0:W]
smooth = np.stack([17 * x + 3 * y, 240 - 20 * y, 90 + 8 * x - 5 * y], -1)
colours = np.clip(smooth + rng.integers(-20, 20, (H, W, 3)), 0, 255).astype(np.uint8)
alpha = rng.integers(0, 256, (H, W, 1), dtype=np.uint8)
rgb = Image.fromarray(colours)
grey = rgb.convert("L")
rgba = Image.fromarray(np.concatenate([colours, alpha], -1))
palette = rgb.quantize(11)
mask = Image.fromarray((colours[..., 0] > 120).astype(np.uint8), "P")
mask.putpalette([0, 0, 0, 255, 255, 255])


def png(name, header, rows):
    """A PNG file from its raw rows, each with its filter byte, of one pass or more."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        file.write(chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b""))


grey.save("grey.png")
grey.convert("1").save("bits.png")
rgb.save("rgb.png")
rgba.save("rgba.png")
rgba.convert("LA").save("grey-alpha.png")
palette.save("palette.png")
mask.save("mask.png", transparency=0)
grey.save("grey-transparent.png", transparency=int(np.asarray(grey)[0, 0]))
rgb.save("animated.png", save_all=True, append_images=[rgb.rotate(180)])
two = np.asarray(grey) >> 6
packed = [b"\0" + bytes(sum(int(v) << (6 - 2 * i) for i, v in enumerate(row[s:s + 4])) for s in range(0, W, 4))
          for row in two]
png("two-bits.png", struct.pack(">IIBBBBB", W, H, 2, 0, 0, 0, 0), packed)
passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
parts = [colours[top::down, left::right] for top, left, down, right in passes]
png("interlaced.png", struct.pack(">IIBBBBB", W, H, 8, 2, 0, 0, 1),
    [b"\0" + row.tobytes() for part in parts for row in part if part.size])
Image.fromarray((np.asarray(grey).astype(np.uint16) << 8)).save("refused-16-bit.png")
grey.save("grey.jpg", quality=85)
rgb.save("rgb.jpg", quality=85)
rgb.save("rgb-444.jpg", quality=95, subsampling=0)
rgb.save("progressive.jpg", quality=85, progressive=True)
rgb.convert("CMYK").save("refused-cmyk.jpg", quality=85)


def numbers(image):
    values = np.asarray(image, dtype=np.uint8)
    return {"shape": list(np.atleast_3d(values).shape), "hex": values.tobytes().hex()}


expected = {}
stored = {"grey.png": "L", "bits.png": "L", "two-bits.png": "L", "rgb.png": "RGB", "interlaced.png": "RGB",
          "animated.png": "RGB", "palette.png": "RGB", "rgba.png": "RGBA", "grey-alpha.png": "RGBA",
          "mask.png": "RGBA", "grey-transparent.png": "RGBA", "grey.jpg": "L", "rgb.jpg": "RGB",
          "rgb-444.jpg": "RGB", "progressive.jpg": "RGB"}
for name, mode in stored.items():
    image, luma = Image.open(name), Image.open(name)
    luma.draft("L", luma.size)  # the luma that a JPEG file stores
    expected[name] = {"grey": numbers(luma.convert("RGB").convert("L")), "rgb": numbers(image.convert("RGB")),
                      "asStored": numbers(image.convert(mode))}
expected["resized"] = [numbers(rgb.resize(size, Image.BILINEAR)) for size in [(5, 4), (13, 20), (40, 9), (6, 17), (1, 1)]]
expected["lanczos"] = [numbers(rgb.resize(size, Image.LANCZOS)) for size in [(5, 4), (13, 20), (40, 9), (6, 17), (1, 1)]]
expected["bicubic"] = [numbers(rgb.resize(size, Image.BICUBIC)) for size in [(5, 4), (13, 20), (40, 9), (6, 17), (1, 1)]]
with open("expected.json", "w") as file:
    lines = [f"{json.dumps(name)}: {json.dumps(values)}" for name, values in expected.items()]
    file.write("{" + ",\n".join(lines) + "}\n")
