#!/usr/bin/env python3
"""LeNet-5 on MNIST in PyTorch, as `train --experiment mnist` of models/05_lenet5 does it: the same network, first weights
from the same distributions, batches of 64 in a new order each epoch, Adam with a one-cycle rate of at most 0.003 over five
epochs, the test part measured after each.

    lenet5_torch.py DATA_FOLDER [--seed 42] [--threads 2] [--target 0.985]

The data are one tensor, and a batch is taken from it by index: nothing that PyTorch could be faster without. One JSON line."""
import argparse, gzip, json, os, time

start = time.time()
options = argparse.ArgumentParser()
options.add_argument("data", help="the folder that holds mnist/train-images-idx3-ubyte.gz and its like")
options.add_argument("--seed", type=int, default=42)
options.add_argument("--threads", type=int, default=2)
options.add_argument("--epochs", type=int, default=5)
options.add_argument("--batch-size", type=int, default=64)
options.add_argument("--target", type=float, default=0.985, help="test accuracy that ends the training")
options = options.parse_args()
os.environ["OMP_NUM_THREADS"] = str(options.threads)
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
imported = time.time() - start


def read(name, header):
    with gzip.open(f"{options.data}/mnist/{name}.gz") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=header)


def part(name):
    images = read(f"{name}-images-idx3-ubyte", 16).float().div_(255).sub_(0.1307).div_(0.3081)
    return images.view(-1, 1, 28, 28), read(f"{name}-labels-idx1-ubyte", 8).long()


train_x, train_y = part("train")
test_x, test_y = part("t10k")
loaded = time.time() - start

model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
optimizer = torch.optim.Adam(model.parameters(), 0.003)
steps = -(-len(train_x) // options.batch_size)
schedule = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, 0.003, total_steps=steps * options.epochs, cycle_momentum=False)

for epoch in range(1, options.epochs + 1):
    model.train()
    order = torch.randperm(len(train_x))
    for batch in order.split(options.batch_size):
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model(train_x[batch]), train_y[batch]).backward()
        optimizer.step()
        schedule.step()
    model.eval()
    with torch.inference_mode():
        right = sum(
            (model(x).argmax(1) == y).sum().item() for x, y in zip(test_x.split(1000), test_y.split(1000)))
    accuracy = right / len(test_x)
    if accuracy >= options.target:
        break

print(json.dumps({
    "accuracy": accuracy, "epochs": epoch, "import_seconds": round(imported, 3),
    "loaded_after": round(loaded, 3), "seconds": round(time.time() - start, 3), "torch": torch.__version__}))
