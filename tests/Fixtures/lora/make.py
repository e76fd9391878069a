"""Makes lora.json and lora.safetensors beside this script: the published formulas in PyTorch. Needs torch and safetensors.

    python make.py

LoRA: y = W x + b + s B A x (Hu et al. 2022, section 4.1), s = alpha / r or alpha / sqrt(r) (Kalajdzievski 2023, section 3).
DoRA: w = m (W + s B A) / |W + s B A| with a length for each output that is a constant to the gradient (Liu et al. 2024,
sections 4.1 and 4.3). In a convolution A is 1x1 with the stride in B ("middle"), or like the base with a B of 1x1 ("kernel").
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
torch.manual_seed(7)
tensors, cases = {}, []


def case(name, kind, x, weight, *, rank, alpha, scaling="by_rank", reach="middle", dora=False, bias=True, **walk):
    draw = lambda *shape: torch.randn(*shape, dtype=torch.float64)
    x, w = draw(*x).requires_grad_(), draw(*weight) * 0.5
    b = draw(weight[0]) if bias else None
    kernel = weight[2:] if reach == "kernel" else (1,) * len(weight[2:])
    a, up = (draw(rank, weight[1], *kernel) * 0.5).requires_grad_(), (draw(weight[0], rank, *(1,) * len(kernel)) * 0.5).requires_grad_()
    m = (draw(weight[0]).abs() + 0.5).requires_grad_() if dora else None
    s = alpha / rank if scaling == "by_rank" else alpha / rank**0.5
    dims = tuple(range(1, len(weight)))
    if kind == "linear":
        base, low = F.linear(x, w), F.linear(F.linear(x, a), up)
        product = up @ a
    else:
        base = F.conv2d(x, w, **walk)
        product = torch.einsum("or,rckl->ockl", up[:, :, 0, 0], a)
        if reach == "kernel":
            low = F.conv2d(F.conv2d(x, a, **walk), up)
        else:
            low = F.conv2d(F.conv2d(x, a), up, stride=walk.get("stride", 1))
            padded = torch.zeros_like(w)
            padded[:, :, w.shape[2] // 2, w.shape[3] // 2] = product[:, :, 0, 0]
            product = padded
    y, merged = base + s * low, w + s * product
    row = (1, -1, 1, 1) if kind == "conv2d" else (-1,)
    if dora:
        factor = m / merged.flatten(1).norm(dim=1).detach()
        y, merged = y * factor.view(row), merged * factor.view(-1, *(1,) * len(dims))
    y = y if b is None else y + b.view(row)
    g = draw(*y.shape)
    y.backward(g)
    parts = {"x": x, "weight": w, "bias": b, "lora_A": a, "lora_B": up, "magnitude": m, "y": y, "g": g, "merged": merged}
    parts |= {"dx": x.grad, "dlora_A": a.grad, "dlora_B": up.grad, "dmagnitude": None if m is None else m.grad}
    tensors.update({f"{name}.{k}": v.detach().float().contiguous() for k, v in parts.items() if v is not None})
    cases.append(dict(case=name, kind=kind, rank=rank, alpha=alpha, scaling=scaling, reach=reach, dora=dora, **walk))


case("linear", "linear", (3, 5), (4, 5), rank=2, alpha=2)
case("linear_alpha", "linear", (2, 3, 5), (4, 5), rank=2, alpha=6, bias=False)
case("linear_root", "linear", (3, 5), (4, 5), rank=3, alpha=2, scaling="by_root_of_rank")
case("linear_dora", "linear", (3, 5), (4, 5), rank=2, alpha=3, dora=True)
case("conv_1x1", "conv2d", (2, 3, 4, 5), (6, 3, 1, 1), rank=2, alpha=2, bias=False, stride=2)
case("conv_3x3", "conv2d", (2, 3, 5, 6), (4, 3, 3, 3), rank=2, alpha=4, padding=1, stride=2)
case("conv_7x7", "conv2d", (1, 3, 8, 9), (4, 3, 7, 7), rank=2, alpha=2, bias=False, padding=3, stride=2)
case("conv_dilated", "conv2d", (1, 2, 7, 7), (3, 2, 3, 3), rank=1, alpha=2, padding=2, dilation=2)
case("conv_kernel", "conv2d", (2, 3, 5, 6), (4, 3, 3, 3), rank=2, alpha=4, reach="kernel", padding=1, stride=2)
case("conv_root", "conv2d", (2, 3, 5, 6), (4, 3, 3, 3), rank=4, alpha=4, scaling="by_root_of_rank", padding=1)
case("conv_dora", "conv2d", (2, 3, 5, 6), (4, 3, 3, 3), rank=2, alpha=4, dora=True, padding=1, stride=2)
case("conv_dora_kernel", "conv2d", (2, 3, 5, 6), (4, 3, 3, 3), rank=2, alpha=4, dora=True, reach="kernel", bias=False)

save_file(tensors, here / "lora.safetensors")
(here / "lora.json").write_text(json.dumps(cases, indent=1) + "\n")
