"""Compares one training step of `resnet-tui probe` with PyTorch's in float64, number by number.

usage: compare_steps.py RESNET_TUI [NAME...]      (needs torch, torchvision, timm, safetensors, PyYAML)

The error of a tensor is ‖a − b‖₂ / ‖b‖₂ against float64; tensors whose norm is below 1e-7 are left out.
Logits and loss must be within 1e-4 (1e-3 beyond 50 layers), running statistics within 1e-4, those of
the first norm within 1e-6. Gradients of networks of at most 8 blocks must be within 1e-4 on a draw
where PyTorch's own float32 is within 5e-5 (one ReLU that rounding flips costs any float32 program
more). For whole presets the median tensor may be 3 times as far off as PyTorch's: on one of three
draws, for the same reason, of those on which PyTorch's own median is below 1e-4. Each network runs with
`--convolution direct` and `auto`, and in evaluation mode on a single image. With `--precision bf16`
logits and the median gradient may be twice as far off as those of PyTorch's own autocast to bfloat16.
"""

import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import compare_weights
import make_results
import torch
import yaml
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

CIFAR = [{"blocks": 3, "channels": 16 * 2**i, "stride": 1 + (i > 0)} for i in range(3)]
FOUR = [{"blocks": 2, "channels": 64 * 2**i, "stride": 1 + (i > 0)} for i in range(4)]
# Written out: presets that no package has, and sizes that leave odd edges.
SPECS = {
    **make_results.SPECS,
    "fashion": {"input": [1, 28, 28], "stages": CIFAR},
    # The last map is a single pixel.
    "fashion_imagenet": {"input": [1, 28, 28], "stem": "imagenet", "stages": FOUR},
    "odd": {"input": [3, 33, 47], "stages": CIFAR, "shortcut": "identity_pad"},
    "wide_maps": {"input": [3, 20, 31], "stages": [{"blocks": 2, "channels": 64, "stride": 1}]},
    "narrow_groups": {
        "block": "bottleneck", "expansion": 2, "groups": 16, "width_per_group": 4,
        "stages": [{"blocks": 2, "channels": 64, "stride": 1}, {"blocks": 1, "channels": 128, "stride": 2}]},
    "d2l_resnet18": {
        "input": [1, 96, 96], "classes": 10, "stem": "imagenet", "stages": FOUR, "conv_bias": True,
        "shortcut_norm": False},
    "d2l_resnext18": {
        "input": [1, 96, 96], "classes": 10, "stem": "imagenet", "stages": FOUR, "block": "bottleneck",
        "expansion": 1, "bottleneck_ratio": 1.0, "group_width": 16, "conv_bias": True},
    "resnet56_cifar": {
        "input": [3, 32, 32], "classes": 10, "shortcut": "identity_pad",
        "stages": [{**stage, "blocks": 9} for stage in CIFAR]},
}
# Name: input, batch.
PRESETS = {
    "resnet18": ([3, 64, 64], 5), "resnet50": ([3, 64, 64], 5), "resnext50_32x4d": ([3, 64, 64], 5),
    "wide_resnet50_2": ([3, 64, 64], 5), "regnet_x_400mf": ([3, 64, 64], 5), "resnetv2_50": ([3, 64, 64], 5),
}


def own_name(name):
    """A tensor of torchvision's RegNets or timm's ResNetV2 under the names of its ResNets."""
    name = re.sub(r"trunk_output\.block(\d)\.block\d-(\d+)", r"layer\1.\2", name)
    name = re.sub(r"\.f\.([abc])\.([01])", lambda m: f".{'conv' if m[2] == '0' else 'bn'}{'abc'.index(m[1]) + 1}", name)
    name = re.sub(r"\.proj\.", ".downsample.", name)
    name = re.sub(r"stem\.([01])\.", lambda m: "conv1." if m[1] == "0" else "bn1.", name)
    name = re.sub(r"stages\.(\d)\.blocks", lambda m: f"layer{int(m[1]) + 1}", name)
    name = re.sub(r"(layer\d\.\d+)\.norm", r"\1.bn", name)
    name = re.sub(r"downsample\.conv", "downsample.0", name)
    name = re.sub(r"(^|\.)stem\.conv\.", r"\1conv1.", name)
    return re.sub(r"head\.fc\.", "fc.", name)


def step(network, images, labels, dtype):
    """The tensors of a training step, in float64 whatever it ran in."""
    network = network.to(dtype).train()
    logits = network(images.to(dtype))
    loss = F.cross_entropy(logits, labels)
    network.zero_grad()
    loss.backward()
    tensors = {"logits": logits, "loss": loss}
    tensors |= {f"grad.{name}": parameter.grad for name, parameter in network.named_parameters()}
    tensors |= {f"state.{name}": value for name, value in network.named_buffers() if "num_batches" not in name}
    return {own_name(name): value.detach().double().clone() for name, value in tensors.items()}


def autocast_step(network, images, labels):
    """The same with convolutions and activations in bfloat16, as PyTorch does it."""
    network = network.float().train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(images)
        loss = F.cross_entropy(logits.float(), labels)
    network.zero_grad()
    loss.backward()
    tensors = {"logits": logits}
    tensors |= {f"grad.{name}": parameter.grad for name, parameter in network.named_parameters()}
    return {own_name(name): value.detach().double().clone() for name, value in tensors.items()}


def error(ours, exact, norm):
    """Not a number is as wrong as can be: max() would pass over it."""
    value = (torch.linalg.norm(ours.double().reshape(-1) - exact.reshape(-1)) / norm).item()
    return value if value == value else float("inf")


def errors(ours, exact):
    return {
        name: error(ours[name], value, norm)
        for name, value in exact.items() if (norm := torch.linalg.norm(value).item()) >= 1e-7}


def draw(name, seed):
    torch.manual_seed(seed)
    if name in PRESETS:
        shape, batch = PRESETS[name]
        network, classes, spec = compare_weights.MODELS[name](), 1000, name
        blocks, options = 16, ["--input", "x".join(map(str, shape))]
    else:
        keys = {"input": [3, 14, 11], "classes": 4, "stem": "cifar", "block": "basic", "stages": make_results.STAGES}
        keys |= SPECS[name]
        network, shape, batch, classes, options = make_results.Network(keys), keys["input"], 5, keys["classes"], []
        blocks = sum(stage["blocks"] for stage in keys["stages"])
        spec = yaml.safe_dump(keys, sort_keys=False, default_flow_style=True, width=10**6).strip()
    for parameter in network.parameters():
        if parameter.dim() == 1:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    return network, spec, options, torch.randn(batch, *shape), torch.randint(0, classes, (batch,)), blocks


def probe(program, spec, options, network, images, labels, folder):
    state = {name: value.contiguous().float() for name, value in network.state_dict().items() if "num_batches" not in name}
    save_file(state, folder / "weights")
    save_file({"images": images.contiguous(), "labels": labels}, folder / "batch")
    subprocess.run(
        [program, "probe", spec, *options, "--weights", folder / "weights", "--batch", folder / "batch",
         "--output", folder / "output"], check=True)
    return load_file(folder / "output")


def references(network, images, labels):
    """PyTorch's step in float64, and how far its float32 is off; leaves the network as it was."""
    initial = {key: value.clone() for key, value in network.state_dict().items()}
    exact = step(network, images, labels, torch.float64)
    network.load_state_dict(initial)
    rounded = errors(step(network, images, labels, torch.float32), exact)
    network.load_state_dict(initial)
    return exact, rounded


def check(program, name, mode, drawn, folder):
    """One line of errors, and whether they are within the bounds."""
    network, spec, options, images, labels, blocks = drawn
    exact, rounded = references(network, images, labels)
    network = network.float()
    options = [*options, "--convolution", mode]
    layers = sum(isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)) for module in network.modules())
    most = 1e-3 if layers > 50 else 1e-4
    ours = probe(program, spec, options, network, images, labels, folder)
    found = errors(ours, exact)
    ends = max(found["logits"], found["loss"])
    states = [key for key in found if key.startswith("state.")]
    worst_state = max((found[key] for key in states), default=0)
    first_state = max((found[key] for key in states if key.startswith("state.bn1.")), default=0)
    line = f"{name} {mode}: logits and loss {ends:.1e}, statistics {worst_state:.1e}"
    good = ends < most and worst_state < 1e-4 and first_state < 1e-6
    gradients = [key for key in found if key.startswith("grad.")]
    if gradients:
        worst, median = max(found[key] for key in gradients), statistics.median(found[key] for key in gradients)
        theirs = statistics.median(rounded[key] for key in gradients)
        line += f", gradients at most {worst:.1e}, median {median:.1e} (PyTorch's float32 {theirs:.1e})"
        good &= median < 3 * theirs if blocks > 8 else worst < 1e-4
    evaluation = probe(program, spec, [*options, "--evaluate"], network, images[:1], labels[:1], folder)
    with torch.no_grad():
        logits = network.double().eval()(images[:1].double())
    single = errors(evaluation, {"logits": logits})["logits"]
    return f"{line}, one image in evaluation {single:.1e}", good and single < most


def compare_bf16(program, name, folder):
    network, spec, options, images, labels, _ = draw(name, 0)
    exact, _ = references(network, images, labels)
    initial = {key: value.clone() for key, value in network.state_dict().items()}
    theirs = errors(autocast_step(network, images, labels), {key: exact[key] for key in exact if key.startswith(("logits", "grad."))})
    network.load_state_dict(initial)
    ours = errors(probe(program, spec, [*options, "--precision", "bf16"], network, images, labels, folder), exact)
    gradients = [key for key in theirs if key.startswith("grad.")]
    line, good = f"{name} bf16: ", True
    for label, keys in [("logits", ["logits"]), ("median gradient", gradients)]:
        a, b = (statistics.median(error[key] for key in keys) for error in (ours, theirs))
        line += f"{label} {a:.1e} (PyTorch's {b:.1e})" + (", " if label == "logits" else "")
        good &= a < 2 * b
    print(line + ("" if good else "  FAILED"), flush=True)
    return good


def compare(program, name, mode, folder):
    if mode == "bf16":
        return compare_bf16(program, name, folder)
    seeds = 0
    for seed in range(100):
        drawn = draw(name, seed)
        whole = drawn[-1] > 8
        rounded = references(drawn[0], *drawn[3:5])[1]
        gradients = [error for key, error in rounded.items() if key.startswith("grad.")]
        if (statistics.median(gradients) >= 1e-4) if whole else (max(rounded.values()) >= 5e-5):
            continue
        seeds += 1
        line, good = check(program, name, mode, draw(name, seed), folder)
        if good or not whole or seeds == 3:
            break
    print(line + (f", draw {seeds}" if seeds > 1 else "") + ("" if good else "  FAILED"), flush=True)
    return good


def main(program, names):
    with tempfile.TemporaryDirectory() as folder:
        results = [
            compare(program, name, mode, pathlib.Path(folder))
            for name in names or [*SPECS, *PRESETS] for mode in ("direct", "auto", "bf16")]
    sys.exit(0 if all(results) else "the steps differ")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
