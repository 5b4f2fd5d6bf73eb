"""Trains one network on the same batches with `resnet-tui train` and with PyTorch, and compares the losses.

usage: compare_trajectory.py RESNET_TUI DATA [STEPS]      (needs torch, numpy, safetensors, PyYAML)

DATA is the folder that holds fashion-mnist. PyTorch takes over after the first step: it loads that
step's checkpoint strictly, and the optimizer's state beside it. The order of the images is drawn here
anew, from what the Swift code documents of it. Every loss up to step STEPS (200) must be within 1 % of
PyTorch's in float32; how far that is from PyTorch's in float64 is printed beside it.
"""

import csv
import gzip
import io
import os
import pathlib
import subprocess
import sys
import tempfile

import make_results
import numpy as np
import torch
import yaml
from safetensors.torch import load_file
from torch.nn import functional as F

MASK = 2**64 - 1
NETWORK = {
    "input": [1, 28, 28], "classes": 10, "stem": "cifar", "block": "basic",
    "stages": [{"blocks": 1, "channels": 16 * 2**i, "stride": 1 + (i > 0)} for i in range(3)]}
OPTIMIZER = {"name": "sgd", "learning_rate": 0.002, "momentum": 0.9, "weight_decay": 5e-4}
SEED, BATCH = 7, 128


def philox(seed, purpose, *coordinates):
    """The 64-bit words of a Philox4x32-10 stream (Salmon et al. 2011), named by a purpose."""
    stream = 0xCBF29CE484222325
    for byte in purpose.encode() + b"".join(c.to_bytes(8, "little") for c in coordinates):
        stream = (stream ^ byte) * 0x100000001B3 & MASK
    block = 0
    while True:
        c = [block & 0xFFFFFFFF, block >> 32, stream & 0xFFFFFFFF, stream >> 32]
        k = [seed & 0xFFFFFFFF, seed >> 32]
        for _ in range(10):
            a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
            c = [b >> 32 ^ c[1] ^ k[0], b & 0xFFFFFFFF, a >> 32 ^ c[3] ^ k[1], a & 0xFFFFFFFF]
            k = [k[0] + 0x9E3779B9 & 0xFFFFFFFF, k[1] + 0xBB67AE85 & 0xFFFFFFFF]
        yield c[1] << 32 | c[0]
        yield c[3] << 32 | c[2]
        block += 1


def epoch_order(count, epoch):
    order, words = list(range(count)), philox(SEED, "shuffle", epoch)
    for i in range(count - 1, -1, -1):
        j = next(words) * (i + 1) >> 64
        order[i], order[j] = order[j], order[i]
    return order


def read_idx(folder, name, header):
    path = folder / "fashion-mnist" / name
    data = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(name + ".gz").read_bytes())
    return np.frombuffer(data, np.uint8, offset=header)


def train(program, folder, data, steps):
    """Our run: its folder, and the loss of every step."""
    experiment = folder / "experiment.yaml"
    experiment.write_text(yaml.safe_dump({
        "name": "trajectory", "seed": SEED, "network": NETWORK, "optimizer": OPTIMIZER,
        "data": {"set": "fashion-mnist", "batch": BATCH}, "epochs": 1}))
    run = folder / f"{steps}-steps"
    subprocess.run(
        [program, "train", experiment, "--run", run, "--max-steps", str(steps), "--progress", "none"], check=True,
        env={**os.environ, "RESNET_TUI_DATA": str(data)}, stdout=subprocess.DEVNULL)
    text = subprocess.run([program, "export", run, "--format", "csv"], check=True, capture_output=True, text=True).stdout
    return run, {int(row["step"]): float(row["value"]) for row in csv.DictReader(io.StringIO(text)) if row["tag"] == "loss/train"}


def continue_from(run, images, labels, order, steps, dtype):
    """PyTorch's losses of the steps behind the first."""
    network = make_results.Network(NETWORK)
    checkpoint = run / "checkpoints" / "step-00000001"
    network.load_state_dict(load_file(checkpoint.with_suffix(".safetensors")), strict=True)
    network = network.to(dtype).train()
    optimizer = torch.optim.SGD(
        network.parameters(), lr=OPTIMIZER["learning_rate"], momentum=OPTIMIZER["momentum"],
        weight_decay=OPTIMIZER["weight_decay"])
    state = load_file(checkpoint.with_suffix(".state"))
    for name, parameter in network.named_parameters():
        optimizer.state[parameter]["momentum_buffer"] = state[f"momentum_buffer.{name}"].to(dtype).clone()
    losses = {}
    for step in range(2, steps + 1):
        chosen = order[(step - 1) * BATCH : step * BATCH]
        loss = F.cross_entropy(network(images[chosen].to(dtype)), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses[step] = loss.item()
    return losses


def main(program, data, steps=200):
    data = pathlib.Path(data)
    pixels = read_idx(data, "train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
    labels = torch.from_numpy(read_idx(data, "train-labels-idx1-ubyte", 8).astype(np.int64))
    images = torch.from_numpy((pixels.astype(np.float32) / 255 - np.float32(0.2860)) / np.float32(0.3530))
    order = epoch_order(len(labels), 0)
    with tempfile.TemporaryDirectory() as folder:
        first, _ = train(program, pathlib.Path(folder), data, 1)
        _, ours = train(program, pathlib.Path(folder), data, steps)
        theirs = continue_from(first, images, labels, order, steps, torch.float32)
        exact = continue_from(first, images, labels, order, steps, torch.float64)
    worst = {}
    for step in range(2, steps + 1):
        worst["ours"] = max(worst.get("ours", 0), abs(ours[step] - theirs[step]) / theirs[step])
        worst["rounding"] = max(worst.get("rounding", 0), abs(theirs[step] - exact[step]) / exact[step])
        if step in (2, 10, 50, 100, 150, 200) or step == steps:
            print(
                f"step {step}: loss {ours[step]:.5f}, PyTorch {theirs[step]:.5f}; at most {worst['ours']:.1e} apart so far "
                f"(PyTorch's float32 and float64 {worst['rounding']:.1e})", flush=True)
    sys.exit(0 if worst["ours"] < 0.01 else "the losses part")


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
