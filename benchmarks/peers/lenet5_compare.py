#!/usr/bin/env python3
"""How long LeNet-5 takes from the start of the process to 98.5 % on MNIST's test part, here and in PyTorch.

    benchmarks/peers/lenet5_compare.py --data-root ../shared/data [--python python3] [--rounds 5] [--threads 2] [--epochs 2]

Both run in turn, with seeds 1, 2, ..., each a process of its own that is timed from outside until it has ended: ours with
its record of the run and its checkpoints. Prints each run, the medians and their ratio."""
import argparse, json, os, pathlib, shutil, statistics, subprocess, sys, tempfile, time

root = pathlib.Path(__file__).resolve().parents[2]
options = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
options.add_argument("--data-root", required=True, help="the folder that holds mnist")
options.add_argument("--python", default=sys.executable, help="a Python that has PyTorch")
options.add_argument("--rounds", type=int, default=5)
options.add_argument("--threads", type=int, default=2)
options.add_argument("--epochs", type=int, default=2, help="over how many epochs both spread their one-cycle rate")
options.add_argument("--target", type=float, default=0.985)
options.add_argument("--train", help="a built train of models/05_lenet5, instead of building it")
options = options.parse_args()
data = str(pathlib.Path(options.data_root).resolve())


def built(folder):
    """A copy of 05_lenet5's train: another model's would be built in its place."""
    package = root / "models/05_lenet5"
    subprocess.run(["swift", "build", "--product", "train"], cwd=package, check=True, stdout=sys.stderr)
    path = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=package, check=True, capture_output=True, text=True)
    binaries = pathlib.Path(path.stdout.strip())
    for name in binaries.glob("*.resources"):
        shutil.copytree(name, folder / name.name)
    return shutil.copy(binaries / "train", folder / "train")


def timed(command, **environment):
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, env=os.environ | environment)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return seconds, done.stdout


def ours(train, folder, seed):
    seconds, _ = timed(
        [train, "--experiment", "mnist", "--seed", str(seed), "--threads", str(options.threads),
         "--epochs", str(options.epochs), "--data-root", data, "--output-dir", str(folder / f"{seed}"), f"target={options.target}"],
        LAB_ROOT=str(folder))
    results = json.loads(next((folder / f"{seed}").glob("mnist/*/results.json")).read_text())
    lines = open(next((folder / f"{seed}").glob("mnist/*/metrics.jsonl")))
    epochs = max(json.loads(line)["epoch"] for line in lines)
    return seconds, results["metrics"]["accuracy"], epochs


def theirs(seed):
    seconds, output = timed(
        [options.python, str(root / "benchmarks/peers/lenet5_torch.py"), data, "--seed", str(seed),
         "--threads", str(options.threads), "--epochs", str(options.epochs), "--target", str(options.target)])
    result = json.loads(output)
    return seconds, result["accuracy"], result["epochs"]


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    train = options.train or built(folder)
    print(f"{'seed':>4}  {'ours':>8} {'epochs':>6} {'accuracy':>8}  {'PyTorch':>8} {'epochs':>6} {'accuracy':>8}")
    pairs = []
    for seed in range(1, options.rounds + 1):
        a, b = ours(train, folder, seed), theirs(seed)
        pairs.append((a, b))
        print(f"{seed:>4}  {a[0]:6.2f} s {a[2]:>6} {a[1]:>8.4f}  {b[0]:6.2f} s {b[2]:>6} {b[1]:>8.4f}", flush=True)
    a, b = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
    print(f"median {a:.2f} s and {b:.2f} s: ours takes {a / b:.2f} of PyTorch's time")
