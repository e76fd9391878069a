"""Makes expected.json, pickles.json and names.json of this folder. Needs torch, numpy, timm (see requirements-dev.md).

    python make.py FOLDER_OF_SAMPLES

The files in samples/ were written by PyTorch 2.15 and NumPy 2.4, the pth_* ones by hand; FOLDER_OF_SAMPLES is where their
expected.json lies.
"""

import collections
import json
import pathlib
import pickle
import sys

import numpy
import timm
import torch

here = pathlib.Path(__file__).parent
samples = here / "samples"
source = json.loads((pathlib.Path(sys.argv[1]) / "expected.json").read_text())
expected = {}
for file in sorted(samples.iterdir()):
    entry = source[file.name]
    if entry.get("expect") == "reject":
        expected[file.name] = None
    elif file.suffix == ".npy":
        array = numpy.load(file)
        expected[file.name] = {file.stem: {"dtype": array.dtype.name, "shape": array.shape, "values": array.ravel().tolist()}}
    elif file.suffix == ".npz":
        with numpy.load(file) as arrays:
            expected[file.name] = {
                n: {"dtype": a.dtype.name, "shape": a.shape, "values": a.ravel().tolist()} for n, a in arrays.items()
            }
    else:
        tensors = {}

        def walk(value, name):
            if isinstance(value, torch.Tensor):
                tensors[name] = {
                    "dtype": str(value.dtype).removeprefix("torch."),
                    "shape": list(value.shape),
                    "values": None if value.is_complex() else value.flatten().tolist(),
                }
            elif isinstance(value, dict):
                for key, element in value.items():
                    walk(element, f"{name}.{key}" if name else str(key))
            elif isinstance(value, (list, tuple)):
                for index, element in enumerate(value):
                    walk(element, f"{name}.{index}")

        walk(torch.load(file, weights_only=True), "")
        expected[file.name] = tensors
(here / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")

value = collections.OrderedDict(
    [
        ("whole", [0, 1, 255, 256, 65535, 65536, -1, -129, 2**31, -(2**40), 2**62]),
        ("real", [0.5, -1.25, 1e300]),
        ("text", ["", "plain", "naïve \\ 'quoted' \"twice\"\n", "x" * 300]),
        ("bytes", [b"\x00\xff", b"y" * 300]),
        ("nothing", None),
        ("truth", (True, False)),
        ("tuples", [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)]),
        ("nested", {"a": {"b": [[]]}, 3: {}}),
        ("sets", [{7}, frozenset([8])]),
    ]
)
value["shared"] = value["real"]
pickles = {str(protocol): pickle.dumps(value, protocol).hex() for protocol in range(6)}
(here / "pickles.json").write_text(json.dumps(pickles, indent=1) + "\n")

names = {}
for name in ["resnet18", "resnet50", "convnext_tiny"]:
    names[name] = {n: list(t.shape) for n, t in timm.create_model(name).state_dict().items()}
(here / "names.json").write_text(json.dumps(names) + "\n")
