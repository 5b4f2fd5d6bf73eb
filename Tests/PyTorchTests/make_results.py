"""Stores what PyTorch computes for small networks of every kind, for PyTorchTests.

usage: make_results.py [NAME...|trajectory]      (needs torch, numpy, safetensors and PyYAML)

The networks are written from the papers and torchvision's conventions, independently of the Swift
code, and run in float64. A file holds, in float32: the batch (`images` N×C×H×W, `labels` N), the
parameters before the step under their state_dict names, and of one training step on it `logits`
N×classes, `loss`, `grad.<parameter>`, `state.<buffer>` (running statistics after the step), and
`evaluation_logits` (with those statistics and the parameters unchanged). The metadata's `network`
is the spec as YAML.

One ReLU that rounding flips spoils a gradient in any float32 program, so a draw counts only where
PyTorch's own float32 is within 5e-6 of its float64 in every tensor.

Trajectory/sgd.safetensors holds the `losses` of 200 steps of SGD on eight batches in turn, their
`images` (8×N×C×H×W) and `labels` (8×N), and the parameters before the first. A ReLU that flips sends
the steps behind it on another way, so its draw is one on which PyTorch's float32 and three
disturbances of 1e-6 stay within 3e-3.
"""
import pathlib
import sys

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).parent / "Results"
STAGES = [{"blocks": 1, "channels": 8, "stride": 1}, {"blocks": 2, "channels": 16, "stride": 2}]
SPECS = {
    "basic": {},
    "basic_d2l": {"conv_bias": True, "shortcut_norm": False, "stem": "imagenet", "input": [1, 29, 30]},
    "basic_pre_activation": {"pre_activation": True},
    "bottleneck": {"block": "bottleneck", "expansion": 2},
    "bottleneck_stride_in_1x1": {"block": "bottleneck", "expansion": 2, "stride_at": "1x1"},
    "bottleneck_pre_activation": {"block": "bottleneck", "expansion": 2, "pre_activation": True},
    "resnext": {"block": "bottleneck", "expansion": 2, "groups": 4, "width_per_group": 32},
    "resnext_d2l": {
        "block": "bottleneck", "expansion": 1, "bottleneck_ratio": 1.0, "group_width": 4,
        "conv_bias": True},
    "regnet": {
        "block": "bottleneck", "expansion": 1, "bottleneck_ratio": 1.0, "group_width": 8,
        "stem": {"kernel": 3, "stride": 2, "channels": 8, "pool": False}, "input": [3, 33, 47]},
    "wide": {"block": "bottleneck", "expansion": 2, "width_per_group": 128},
    "option_a": {"shortcut": "identity_pad"},
    "option_a_pre_activation": {"shortcut": "identity_pad", "pre_activation": True},
    "option_c": {"shortcut": "projection_all"},
    "plain": {"shortcut": "none"},
    "zero_init": {"zero_init_residual": True},
    "same_padding": {
        "padding": "same", "stem": {"kernel": 4, "stride": 2, "channels": 8, "pool": True},
        "input": [2, 23, 26]},
    "block_alone": {"stem": "none", "input": [8, 7, 7]},
    "fashion": {"input": [1, 28, 28]},
    "odd": {"input": [3, 33, 47], "stem": "imagenet", "block": "bottleneck", "expansion": 2},
    "inception": {
        "block": "inception",
        "stages": [{"blocks": 1, "channels": 16, "stride": 1}, {"blocks": 1, "channels": 32, "stride": 2}]},
}


def pads(length, kernel, stride, rule):
    """Zeros before and after a side."""
    if rule == "symmetric":
        return kernel // 2, kernel // 2
    total = max(0, (-(-length // stride) - 1) * stride + kernel - length)
    return total // 2, total - total // 2


def padded(x, kernel, stride, rule, value=0.0):
    rows, columns = (pads(x.shape[d], kernel, stride, rule) for d in (2, 3))
    return F.pad(x, (*columns, *rows), value=value)


class Conv(nn.Conv2d):
    """A convolution that pads by the rule of the spec."""

    def __init__(self, spec, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(inputs, outputs, kernel, stride, 0, groups=groups, bias=spec.get("conv_bias", False))
        self.rule = spec.get("padding", "symmetric")

    def forward(self, x):
        return super().forward(padded(x, self.kernel_size[0], self.stride[0], self.rule))


class Pool(nn.Module):
    def __init__(self, spec, stride):
        super().__init__()
        self.stride, self.rule = stride, spec.get("padding", "symmetric")

    def forward(self, x):
        return F.max_pool2d(padded(x, 3, self.stride, self.rule, float("-inf")), 3, self.stride)


class Residual(nn.Module):
    def __init__(self, spec, inputs, stage, stride):
        super().__init__()
        self.pre, self.kind = spec.get("pre_activation", False), spec.get("shortcut", "projection")
        channels = stage["channels"]
        if spec["block"] == "basic":
            self.outputs = channels
            convs = [(channels, 3, stride, 1), (channels, 3, 1, 1)]
        else:
            self.outputs = channels * spec["expansion"]
            if "bottleneck_ratio" in spec:
                width = int(round(self.outputs * spec["bottleneck_ratio"]))
                groups = width // spec["group_width"]
            else:
                groups = spec.get("groups", 1)
                width = int(channels * spec.get("width_per_group", 64) / 64) * groups
            first, second = (stride, 1) if spec.get("stride_at") == "1x1" else (1, stride)
            convs = [(width, 1, first, 1), (width, 3, second, groups), (self.outputs, 1, 1, 1)]
        self.count, before = len(convs), inputs
        for i, (after, kernel, step, groups) in enumerate(convs, 1):
            self.add_module(f"conv{i}", Conv(spec, before, after, kernel, step, groups))
            self.add_module(f"bn{i}", nn.BatchNorm2d(before if self.pre else after))
            before = after
        if spec.get("zero_init_residual"):
            nn.init.zeros_((getattr(self, f"conv{self.count}") if self.pre else getattr(self, f"bn{self.count}")).weight)
        self.stride, self.changes = stride, stride != 1 or inputs != self.outputs
        if self.kind == "projection_all" or self.kind == "projection" and self.changes:
            parts = [Conv(spec, inputs, self.outputs, 1, stride)]
            if spec.get("shortcut_norm", True) and not self.pre:
                parts.append(nn.BatchNorm2d(self.outputs))
            self.downsample = nn.Sequential(*parts)

    def shortcut(self, x, activated):
        source = activated if self.pre and (self.changes or self.kind == "projection_all") else x
        if hasattr(self, "downsample"):
            return self.downsample(source)
        if self.kind == "identity_pad" and self.changes:
            more = self.outputs - x.shape[1]
            return F.pad(source[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, more // 2, more - more // 2))
        return source

    def forward(self, x):
        y, activated = x, x
        for i in range(1, self.count + 1):
            conv, norm = getattr(self, f"conv{i}"), getattr(self, f"bn{i}")
            if self.pre:
                y = F.relu(norm(y))
                activated = y if i == 1 else activated
                y = conv(y)
            else:
                y = norm(conv(y))
                y = F.relu(y) if i < self.count else y
        if self.kind != "none":
            y = y + self.shortcut(x, activated)
        return y if self.pre else F.relu(y)


class Unit(nn.Module):
    """torchvision's BasicConv2d."""

    def __init__(self, spec, inputs, outputs, kernel):
        super().__init__()
        self.conv, self.bn = Conv(spec, inputs, outputs, kernel), nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    def __init__(self, spec, inputs, stage, stride):
        super().__init__()
        self.outputs = stage["channels"]
        part = self.outputs // 16
        self.pool = Pool(spec, stride) if stride > 1 else nn.Identity()
        self.branch1 = Unit(spec, inputs, 4 * part, 1)
        self.branch2 = nn.Sequential(Unit(spec, inputs, 6 * part, 1), Unit(spec, 6 * part, 8 * part, 3))
        self.branch3 = nn.Sequential(Unit(spec, inputs, part, 1), Unit(spec, part, 2 * part, 5))
        self.branch4 = nn.Sequential(Pool(spec, 1), Unit(spec, inputs, 2 * part, 1))

    def forward(self, x):
        x = self.pool(x)
        return torch.cat([branch(x) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)


class Network(nn.Module):
    def __init__(self, spec):
        super().__init__()
        inputs, stem, pool = spec["input"][0], spec["stem"], False
        self.pre = spec.get("pre_activation", False)
        if stem != "none":
            if stem == "imagenet":
                channels, kernel, stride, pool = 64, 7, 2, True
            elif stem == "cifar":
                channels, kernel, stride = spec["stages"][0]["channels"], 3, 1
            else:
                channels, kernel, stride, pool = stem["channels"], stem["kernel"], stem["stride"], stem["pool"]
            self.conv1 = Conv(spec, inputs, channels, kernel, stride)
            if not self.pre:
                self.bn1 = nn.BatchNorm2d(channels)
            inputs = channels
        self.maxpool = Pool(spec, 2) if pool else nn.Identity()
        kind = Inception if spec["block"] == "inception" else Residual
        for number, stage in enumerate(spec["stages"], 1):
            blocks = []
            for index in range(stage["blocks"]):
                blocks.append(kind(spec, inputs, stage, stage["stride"] if index == 0 else 1))
                inputs = blocks[-1].outputs
            self.add_module(f"layer{number}", nn.Sequential(*blocks))
        self.stages = len(spec["stages"])
        if self.pre:
            self.norm = nn.BatchNorm2d(inputs)
        self.fc = nn.Linear(inputs, spec["classes"])

    def forward(self, x):
        if hasattr(self, "conv1"):
            x = self.conv1(x)
            x = x if self.pre else F.relu(self.bn1(x))
        x = self.maxpool(x)
        for number in range(1, self.stages + 1):
            x = getattr(self, f"layer{number}")(x)
        x = F.relu(self.norm(x)) if self.pre else x
        return self.fc(x.mean((2, 3)))


def results(spec, seed, dtype=torch.float64):
    torch.manual_seed(seed)
    network = Network(spec)
    for name, parameter in network.named_parameters():
        # Norms that start as the identity would hide mistakes in their scale and shift.
        if parameter.dim() == 1 and not bool((parameter == 0).all() and "bn" in name and name.endswith("weight")):
            nn.init.uniform_(parameter, 0.5, 1.5)
    images = torch.randn(5, *spec["input"]).to(dtype)
    network = network.to(dtype)
    labels = torch.randint(0, spec["classes"], (5,))
    stored = {"images": images, "labels": labels}
    stored |= {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    logits = network(images)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    stored |= {"logits": logits, "loss": loss}
    stored |= {f"grad.{name}": parameter.grad for name, parameter in network.named_parameters()}
    stored |= {f"state.{name}": value for name, value in network.named_buffers() if "num_batches" not in name}
    stored["evaluation_logits"] = network.eval()(images)
    return {
        name: np.ascontiguousarray(value.detach().numpy().astype(np.int64 if name == "labels" else np.float32))
        for name, value in stored.items()}


def is_well_conditioned(spec, seed):
    exact, rounded = results(spec, seed), results(spec, seed, torch.float32)
    norms = {name: np.linalg.norm(value) for name, value in exact.items()}
    return all(
        np.linalg.norm(rounded[name] - exact[name]) < 5e-6 * norm
        for name, norm in norms.items() if norm >= 1e-7)


OPTIMIZER = {"learning_rate": 0.002, "momentum": 0.9, "weight_decay": 5e-4, "nesterov": True}


def trajectory(spec, seed, dtype=torch.float64, disturbance=None, steps=200):
    torch.manual_seed(seed)
    network = Network(spec)
    labels = torch.randint(0, spec["classes"], (8, 32))
    # What tells the classes apart is weaker than the noise, so that the loss falls slowly.
    images = torch.randn(8, 32, *spec["input"]) + 0.2 * torch.randn(spec["classes"], *spec["input"])[labels]
    stored = {"images": images, "labels": labels}
    stored |= {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    network = network.to(dtype)
    if disturbance is not None:
        torch.manual_seed(disturbance)
        with torch.no_grad():
            for parameter in network.parameters():
                parameter *= 1 + 1e-6 * torch.randn_like(parameter)
    optimizer = torch.optim.SGD(network.parameters(), lr=OPTIMIZER["learning_rate"], **{
        key: value for key, value in OPTIMIZER.items() if key != "learning_rate"})
    losses = []
    for step in range(steps):
        loss = F.cross_entropy(network(images[step % 8].to(dtype)), labels[step % 8])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    stored["losses"] = torch.tensor(losses, dtype=torch.float64)
    return {
        name: np.ascontiguousarray(value.numpy().astype(np.int64 if name == "labels" else np.float32))
        for name, value in stored.items()}


def make_trajectory():
    spec = {"input": [1, 12, 12], "classes": 4, "stem": "cifar", "block": "basic", "stages": STAGES}
    for seed in range(1000):
        exact = trajectory(spec, seed)
        others = (
            trajectory(spec, seed, *changes)
            for changes in [(torch.float32,), *((torch.float64, disturbance) for disturbance in range(3))])
        if all(np.all(np.abs(other["losses"] - exact["losses"]) < 3e-3 * exact["losses"]) for other in others):
            break
    metadata = {"network": spec, "optimizer": OPTIMIZER}
    (FOLDER / "Trajectory").mkdir(exist_ok=True)
    save_file(exact, FOLDER / "Trajectory" / "sgd.safetensors", {
        key: yaml.safe_dump(value, sort_keys=False, default_flow_style=True, width=10**6).strip()
        for key, value in metadata.items()})
    print(f"trajectory: seed {seed}, loss {exact['losses'][0]:.3f} to {exact['losses'][-1]:.3f}")


def main(names):
    if not names or "trajectory" in names:
        make_trajectory()
    for name, changes in SPECS.items():
        if names and name not in names:
            continue
        spec = {"input": [3, 14, 11], "classes": 4, "stem": "cifar", "block": "basic", "stages": STAGES} | changes
        text = yaml.safe_dump(spec, sort_keys=False, default_flow_style=True, width=10**6).strip()
        seed = next(seed for seed in range(1000) if is_well_conditioned(spec, seed))
        save_file(results(spec, seed), FOLDER / f"{name}.safetensors", {"network": text, "torch": torch.__version__})


if __name__ == "__main__":
    main(sys.argv[1:])
