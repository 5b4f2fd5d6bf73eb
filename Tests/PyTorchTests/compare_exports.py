"""Runs networks as `export` writes them, and compares them with our own engine.

usage: compare_exports.py RESNET_TUI FOLDER FRAMEWORK      (needs the framework, numpy, safetensors)

Of each case a network is trained for two steps on the procedural set, so that its checkpoint is one
of ours; norms and running statistics are then drawn anew, so that none is the identity. The exported
file, run as a program, must print the summary's parameters and the output's shape; `build()` must
take the weights by name, none left over on either side, and its logits must be within 1e-4 relative
of those of `probe --evaluate`. FOLDER keeps what the frameworks share, and a line for each case in
its file `tally`.
"""
import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys
import time

import numpy as np
from safetensors.numpy import load_file, save_file

# A line of keys, and height and width of the images; all can be trained on 1x28x28.
CASES = {
    "resnet18": ("{preset: resnet18}", 64, 64),
    "resnext50_32x4d": ("{preset: resnext50_32x4d}", 64, 64),
    "resnetv2_50": ("{preset: resnetv2_50}", 64, 64),
    "regnet_x_400mf": ("{preset: regnet_x_400mf}", 64, 64),
    "resnet20_cifar": ("{preset: resnet20_cifar}", 32, 32),
    "d2l_resnet18": ("{preset: d2l_resnet18}", 96, 96),
    "inception": (
        "{block: inception, conv_bias: true,"
        " stages: [{blocks: 2, channels: 16}, {blocks: 2, channels: 32, stride: 2}]}", 29, 31),
    "same_padding": (
        "{block: basic, padding: same, stem: {kernel: 4, stride: 2, channels: 8, pool: true},"
        " stages: [{blocks: 1, channels: 8}, {blocks: 2, channels: 16, stride: 2},"
        " {blocks: 2, channels: 24, stride: 3}]}", 23, 26),
    "same_inception": (
        "{block: inception, padding: same, stem: cifar,"
        " stages: [{blocks: 1, channels: 16}, {blocks: 2, channels: 32, stride: 2}]}", 23, 26),
    "option_a": (
        "{block: bottleneck, expansion: 2, shortcut: identity_pad, pre_activation: true, stem: cifar,"
        " stages: [{blocks: 2, channels: 8}, {blocks: 2, channels: 17, stride: 3}]}", 25, 27),
    "option_c": (
        "{block: bottleneck, expansion: 2, groups: 4, width_per_group: 32, stem: cifar,"
        " shortcut: projection_all, zero_init_residual: true, conv_bias: true, init: xavier_uniform,"
        " batch_norm: {eps: 1e-3, momentum: 0.01},"
        " stages: [{blocks: 2, channels: 8}, {blocks: 2, channels: 16, stride: 2}]}", 32, 32),
    "block_alone": (
        "{block: basic, stem: none, stages: [{blocks: 1, channels: 8, stride: 2}]}", 13, 15),
}
# Without a head a network has nothing to be trained for: it is only run.
FEATURE_MAPS = {
    "feature_map": ("{block: basic, stem: none, head: none, stages: [{blocks: 1, channels: 8}]}", 9, 7),
    "stage_alone": (
        "{block: bottleneck, head: none, stem: none, padding: same,"
        " stages: [{blocks: 2, channels: 8, stride: 2}]}", 9, 7),
}
# What the frameworks besides PyTorch are run on.
SMALL = ["resnet20_cifar", "inception", "same_padding", "same_inception", "option_a", "option_c"]
RANDOM = 4
# Where two images give nearly the same logits, equal ones show nothing of the arithmetic. A random
# network must tell them apart by this much, relative to the logits; in every one the error must be
# far below what tells them apart.
LEAST_SPREAD = 1e-2
ERROR_OF_SPREAD = 1e-3


def random_line(draw):
    """The keys of a network that may or may not be possible."""
    block = draw.choice(["basic", "bottleneck", "inception"])
    keys = {
        "block": block,
        "stem": draw.choice(
            ["imagenet", "cifar", "none", f"{{kernel: {draw.randint(1, 7)}, stride: {draw.randint(1, 3)},"
             f" channels: {draw.randint(1, 20)}, pool: {draw.choice(['true', 'false'])}}}"]),
        "padding": draw.choice(["symmetric", "same"]),
        "conv_bias": draw.choice(["true", "false"]),
        "init": draw.choice(["kaiming_normal_fan_in", "xavier_normal", "lecun_normal"]),
    }
    if block != "inception":
        keys["shortcut"] = draw.choice(["projection", "identity_pad", "projection_all", "none"])
        keys["pre_activation"] = draw.choice(["true", "false"])
        keys["shortcut_norm"] = draw.choice(["true", "false"])
    if block == "bottleneck":
        keys |= {"expansion": draw.randint(1, 4), "groups": draw.randint(1, 4),
                 "width_per_group": draw.randint(16, 64), "stride_at": draw.choice(["1x1", "3x3"])}
    stages = [
        f"{{blocks: {draw.randint(1, 3)}, channels: {16 * draw.randint(1, 3)}, stride: {draw.randint(1, 3)}}}"
        for _ in range(draw.randint(1, 3))]
    keys["stages"] = f"[{', '.join(stages)}]"
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def at(line, height, width):
    return line[:-1] + f", input: [1, {height}, {width}], classes: 10}}"


def summary(program, line):
    result = subprocess.run([program, "summary", line, "--json"], capture_output=True, text=True)
    return json.loads(result.stdout) if result.returncode == 0 else None


def random_cases(program, folder):
    draw, cases, number = random.Random(20261125), {}, 0
    while len(cases) < RANDOM:
        case = (random_line(draw), draw.randint(16, 28), draw.randint(16, 28))
        if not (summary(program, at(case[0], 28, 28)) and summary(program, at(*case))):
            continue
        number += 1
        name = f"random_{number}"
        prepare(program, folder / name, *case)
        if spread(folder / name) > LEAST_SPREAD:
            cases[name] = case
    return cases


def spread(folder):
    """How far apart the logits of the two images are, relative to the logits."""
    logits = load_file(folder / "output.safetensors")["logits"].astype(np.float64)
    return np.linalg.norm(logits[0] - logits[1]) / np.linalg.norm(logits)


def prepare(program, folder, line, height, width):
    """Checkpoint, weights with norms of their own, and our logits."""
    if (folder / "output.safetensors").exists():
        return
    folder.mkdir(exist_ok=True)
    experiment = folder / "experiment.yaml"
    experiment.write_text(
        f"network: {at(line, 28, 28)}\ndata: {{set: procedural, batch: 8, limit: 32, holdout: 8}}\nepochs: 1\n"
        "optimizer: {name: sgd, learning_rate: 0.01}\ncheckpoint: {every_steps: 1}\n")
    # Ended at its second checkpoint: a run to the end would go through all test images.
    run = subprocess.Popen(
        [program, "train", experiment, "--run", folder / "run", "--max-steps", "3", "--progress", "none"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    checkpoint = folder / "run" / "checkpoints" / "step-00000002.safetensors"
    while run.poll() is None and not checkpoint.exists():
        time.sleep(0.02)
    run.kill()
    run.wait()
    weights = load_file(checkpoint)
    save_file(weights, folder / "checkpoint.safetensors")
    noise = np.random.default_rng(0)
    for name in weights:
        shape = weights[name].shape
        if name.endswith("running_mean"):
            weights[name] = weights[name] + noise.normal(0, 0.1, shape)
        elif name.endswith("running_var"):
            weights[name] = weights[name] * noise.uniform(0.5, 1.5, shape)
        elif name.endswith("weight") and len(shape) == 1:
            weights[name] = noise.uniform(0.5, 1, shape)
        elif name.endswith("bias"):
            weights[name] = noise.normal(0, 0.1, shape)
        elif not weights[name].any():
            weights[name] = noise.normal(0, 0.1, shape)
        weights[name] = weights[name].astype(np.float32)
    save_file(weights, folder / "weights.safetensors")
    images = noise.normal(size=(2, 1, height, width)).astype(np.float32)
    save_file({"images": images, "labels": np.array([1, 2])}, folder / "batch.safetensors")
    subprocess.run(
        [program, "probe", at(line, height, width), "--weights", folder / "weights.safetensors",
         "--batch", folder / "batch.safetensors", "--output", folder / "unfinished.safetensors", "--evaluate"],
        check=True)
    (folder / "unfinished.safetensors").rename(folder / "output.safetensors")


# Each takes the module, the folder and the images, and gives the logits.


def run_pytorch(module, folder, images):
    import torch
    from safetensors.torch import load_file as load_tensors

    model = module.build()
    # As it is in a run, without num_batches_tracked.
    model.load_state_dict(load_tensors(folder / "checkpoint.safetensors"), strict=True)
    model.load_state_dict(load_tensors(folder / "weights.safetensors"), strict=True)
    with torch.no_grad():
        return model.eval()(torch.from_numpy(images)).numpy()


class Weights:
    """Tensors by name; every one is taken once, in the shape that is asked for."""

    def __init__(self, folder):
        self.tensors = load_file(folder / "weights.safetensors")

    def take(self, name, shape, channels_last):
        tensor = self.tensors.pop(name)
        if channels_last and tensor.ndim == 4:
            tensor = tensor.transpose(2, 3, 1, 0)
        if channels_last and tensor.ndim == 2:
            tensor = tensor.transpose()
        if tensor.shape != tuple(shape):
            raise ValueError(f"{name} is {tensor.shape} where the module has {tuple(shape)}")
        return tensor

    def finish(self):
        if self.tensors:
            raise ValueError(f"the module has no {min(self.tensors)}")


def run_flax(module, folder, images):
    import flax
    import jax

    images, weights, model = images.transpose(0, 2, 3, 1), Weights(folder), module.build()
    variables = flax.traverse_util.flatten_dict(model.init(jax.random.key(0), images))
    leaves = {"kernel": "weight", "scale": "weight", "bias": "bias", "mean": "running_mean", "var": "running_var"}
    for path, value in variables.items():
        name = ".".join(path[1:-1]) + "." + leaves[path[-1]]
        variables[path] = weights.take(name, value.shape, True)
    weights.finish()
    return np.asarray(model.apply(flax.traverse_util.unflatten_dict(variables), images))


def run_keras(module, folder, images):
    weights, model = Weights(folder), module.build()
    leaves = {"kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias",
              "moving_mean": "running_mean", "moving_variance": "running_var"}
    for layer in model.layers:
        for variable in layer.weights:
            variable.assign(weights.take(f"{layer.name}.{leaves[variable.name]}", variable.shape, True))
    weights.finish()
    return np.asarray(model(images.transpose(0, 2, 3, 1), training=False))


def run_gluon(module, folder, images):
    import mxnet

    weights, model = Weights(folder), module.build()
    for name, parameter in model._collect_params_with_prefix().items():
        name = name.replace(".gamma", ".weight").replace(".beta", ".bias")
        parameter.set_data(weights.take(name, parameter.shape, False))
    weights.finish()
    return model(mxnet.nd.array(images)).asnumpy()


RUN = {"pytorch": run_pytorch, "flax": run_flax, "keras": run_keras, "gluon": run_gluon}


def check(program, folder, framework, name, case):
    """What is wrong, or nothing; and the figures."""
    spec = at(*case)
    file = folder / f"{name}_{framework}.py"
    with open(file, "w") as code:
        subprocess.run([program, "export", spec, "--format", framework], check=True, stdout=code)
    table = summary(program, spec)
    shape = "x".join(map(str, [2, *table["layers"][-1]["output"]]))
    expected = f"parameters {table['total']['parameters']}\noutput {shape}\n"
    result = subprocess.run([sys.executable, file], capture_output=True, text=True)
    if result.stdout != expected:
        return f"prints {result.stdout!r}, not {expected!r}; {result.stderr[-600:]}", ""
    figures = expected.strip().replace("\n", ", ")
    if name in FEATURE_MAPS:
        return "", figures
    place = folder / name
    prepare(program, place, *case)
    loader = importlib.util.spec_from_file_location(f"{name}_{framework}", file)
    module = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(module)
    try:
        theirs = RUN[framework](module, place, load_file(place / "batch.safetensors")["images"])
    except (KeyError, ValueError, RuntimeError) as error:
        return f"does not take the weights: {error!r}", figures
    ours = load_file(place / "output.safetensors")["logits"].astype(np.float64)
    error = np.linalg.norm(theirs - ours) / np.linalg.norm(ours)
    figures += f", logits within {error:.1e}, spread {spread(place):.1e}"
    is_equal = error < 1e-4 and error < ERROR_OF_SPREAD * spread(place)
    return ("" if is_equal else "the logits differ"), figures


def main(program, folder, framework):
    folder = pathlib.Path(folder)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    cases = CASES if framework == "pytorch" else {name: CASES[name] for name in SMALL}
    for name, case in {**cases, **FEATURE_MAPS, **random_cases(program, folder)}.items():
        problem, figures = check(program, folder, framework, name, case)
        verdict = "failed" if problem else "passed"
        print(f"{framework} {name}: {figures}{' FAILED: ' + problem if problem else ''}", flush=True)
        with open(folder / "tally", "a") as tally:
            tally.write(verdict + "\n")


main(*sys.argv[1:])
