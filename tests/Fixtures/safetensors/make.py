"""Writes the reference_*.safetensors beside this script with the real package.

    python -m venv VENV && VENV/bin/pip install safetensors==0.8.0 && VENV/bin/python make.py
"""

import ctypes
import json
import pathlib
import struct

from safetensors import TensorSpec, serialize

HERE = pathlib.Path(__file__).parent


def save(name, tensors, metadata=None):
    """tensors: name -> (dtype, shape, bytes)"""
    buffers = {
        key: ctypes.create_string_buffer(data, max(1, len(data))) for key, (_, _, data) in tensors.items()
    }
    specs = {
        key: TensorSpec(dtype=dtype, shape=shape, data_ptr=ctypes.addressof(buffers[key]), data_len=len(data))
        for key, (dtype, shape, data) in tensors.items()
    }
    data = serialize(specs, metadata=metadata)
    while not is_sorted(data):
        data = serialize(specs, metadata=metadata)
    (HERE / f"reference_{name}.safetensors").write_bytes(data)


def is_sorted(data):
    """The package writes the keys of the metadata in a random order; ours sorts them."""
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    keys = list(header.get("__metadata__", {}))
    return keys == sorted(keys)


save("empty", {})
save("metadata_only", {}, {"format": "pt"})
save(
    "mixed",
    {
        "fc.weight": ("float32", [2, 3], struct.pack("<6f", 0, 1, -2, 0.5, 1e-45, float("inf"))),
        "fc.bias": ("float32", [2], struct.pack("<2f", -0.0, 3.4028234663852886e38)),
        "scalar": ("float32", [], struct.pack("<f", 0.1)),
        "empty": ("float32", [0, 5], b""),
        "double": ("float64", [2], struct.pack("<2d", 0.1, -1e300)),
        "half": ("float16", [5], struct.pack("<5e", 0.5, -2, 65504, 6e-8, float("-inf"))),
        "brain": ("bfloat16", [3], bytes.fromhex("803f00c0807f")),
        "num_batches_tracked": ("int64", [], struct.pack("<q", -(2**40))),
        "u64": ("uint64", [1], struct.pack("<Q", 2**64 - 1)),
        "labels": ("int32", [3], struct.pack("<3i", -1, 0, 2**31 - 1)),
        "u32": ("uint32", [1], struct.pack("<I", 2**32 - 1)),
        "i16": ("int16", [1], struct.pack("<h", -2)),
        "u16": ("uint16", [1], struct.pack("<H", 65535)),
        "i8": ("int8", [2], bytes([255, 1])),
        "u8": ("uint8", [2], bytes([255, 1])),
        "mask": ("bool", [3], bytes([1, 0, 1])),
        "e4m3": ("float8_e4m3fn", [1], bytes([0x38])),
        "e5m2": ("float8_e5m2", [1], bytes([0x3C])),
    },
    {"format": "pt", "lab": '{"version":1,"note":"na\u00efve \\"quoted\\""}', "B": "2", "b": "\t\u0001"},
)
save(
    "names",
    {
        name: ("float32", [1], struct.pack("<f", index))
        for index, name in enumerate(
            ["", "a", "B", "a.b", "a-b", "a b", "\u00e9", "\u65e5\u672c", "\U0001f600", "\uffee", "a\u0000b",
             "a\"b\\c/d\n\u0001\u007f", "\u212b", "\u03a9"]
        )
    },
)
