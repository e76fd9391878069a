"""Writes files of weights as PyTorch, NumPy and safetensors do, for the tests that LAB_PYTHON switches on.

    python zoo.py write FOLDER      files, and truth.safetensors with what each holds as FILE/NAME
    python zoo.py check FOLDER      that ours-FILE.safetensors, which we made of each, is the same to PyTorch
    python zoo.py loads FOLDER      that a Linear of PyTorch takes weights.safetensors and .npz, made of our checkpoint
    python zoo.py networks FOLDER   timm networks with random weights, an input and its logits

Needs torch, numpy, safetensors and timm.
"""

import collections
import pathlib
import sys

import numpy
import safetensors.torch
import torch

folder = pathlib.Path(sys.argv[2])
torch.manual_seed(3)


def contents():
    base = torch.randn(6, 8, 3, 3)
    state = collections.OrderedDict()
    for dtype in [torch.float32, torch.float64, torch.float16, torch.bfloat16]:
        state[f"plain.{dtype}"] = torch.randn(3, 4).to(dtype)
    for dtype in [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]:
        state[f"whole.{dtype}"] = torch.randint(0, 100, (5,)).to(dtype)
    state["transposed"] = base.permute(3, 1, 0, 2)
    state["channels_last"] = base.contiguous(memory_format=torch.channels_last)
    state["slice"] = base[1:5:2, 3:, :, 1]
    state["repeated"] = torch.randn(1, 4).expand(3, 4)
    state["tied"] = base
    state["scalar"] = torch.tensor(2.5)
    state["empty"] = torch.zeros(0, 3)
    state["parameter"] = torch.nn.Parameter(torch.randn(2, 2))
    state["naïve ✓"] = torch.randn(2)
    return state


if sys.argv[1] == "write":
    state = contents()
    files = {}
    for protocol in [2, 3, 4, 5]:
        files[f"zip{protocol}.pth"] = dict(pickle_protocol=protocol)
        files[f"legacy{protocol}.pth"] = dict(pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    for name, options in files.items():
        torch.save(state, folder / name, **options)
    arrays = {k: v.detach().numpy() for k, v in state.items() if v.dtype != torch.bfloat16}
    numpy.savez(folder / "stored.npz", **arrays)
    numpy.savez_compressed(folder / "packed.npz", **arrays)
    truth = {}
    for name in files:
        truth |= {f"{name}/{k}": v.detach().contiguous().clone() for k, v in state.items()}
    for name in ["stored.npz", "packed.npz"]:
        truth |= {f"{name}/{k}": torch.tensor(numpy.ascontiguousarray(v).reshape(v.shape)) for k, v in arrays.items()}
    safetensors.torch.save_file(truth, folder / "truth.safetensors")
elif sys.argv[1] == "check":
    truth = safetensors.torch.load_file(folder / "truth.safetensors")
    names = {name.split("/")[0] for name in truth}
    for file in names:
        ours = safetensors.torch.load_file(folder / f"ours-{file}.safetensors")
        theirs = {k.split("/", 1)[1]: v for k, v in truth.items() if k.startswith(file + "/")}
        assert ours.keys() == theirs.keys(), file
        for name, tensor in theirs.items():
            assert ours[name].dtype == tensor.dtype and torch.equal(ours[name], tensor), (file, name)
        twin = torch.nn.ParameterDict({k.replace(".", "_"): torch.nn.Parameter(v, False) for k, v in theirs.items()})
        twin.load_state_dict({k.replace(".", "_"): v for k, v in ours.items()}, strict=True)
    print(len(names), "files agree")
elif sys.argv[1] == "loads":
    arrays = numpy.load(folder / "weights.npz")
    for state in [
        safetensors.torch.load_file(folder / "weights.safetensors"),
        {name: torch.from_numpy(arrays[name]) for name in arrays.files},
    ]:
        network = torch.nn.Linear(3, 2)
        network.load_state_dict(state)  # strict
        assert network.weight.tolist() == [[1, 2, 3], [4, 5, 6]] and network.bias.tolist() == [7, 8]
    print("loaded")
else:
    import timm

    for name in ["resnet18", "convnext_tiny"]:
        network = timm.create_model(name).eval()
        with torch.no_grad():
            for key, value in network.state_dict().items():
                if "running_var" in key:
                    value.uniform_(0.5, 1.5)
                elif value.is_floating_point() and value.dim() < 2:
                    value.copy_(torch.randn_like(value) * 0.1 + ("weight" in key or "gamma" in key))
            x = torch.randn(2, 3, 64, 64)
            logits = network(x)
        torch.save(network.state_dict(), folder / f"{name}.pth")
        safetensors.torch.save_file({"x": x, "logits": logits}, folder / f"{name}.truth.safetensors")
