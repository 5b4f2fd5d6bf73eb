"""Compares training steps of `resnet-tui bench` with those of a PyTorch program, and prints a table.

usage: compare_speed.py PEER [--rounds N] [--program PATH] [--rows TEXT]

PEER is a Python program that is called as `PEER KIND MODE BATCH SIZE CHANNELS DTYPE serve`. Both
programs print `ready`, and then do one step for each line on standard input and print its
milliseconds. They do a turn of two steps each in turn, of which the second counts: a machine whose
speed drifts favours neither. The ratio is the median over the turns' own ratios.
"""

import argparse
import pathlib
import platform
import statistics
import subprocess
import sys

ROWS = [
    # Name, arguments of bench, KIND BATCH SIZE CHANNELS DTYPE, turns for each round asked for.
    ("ResNet-18, 1×96×96, batch 128", "resnet18 --input 1x96x96 --batch 128", "r18 128 96 1 f32", 2),
    ("the same, bf16", "resnet18 --input 1x96x96 --batch 128 --precision bf16", "r18 128 96 1 bf16", 2),
    ("ResNet-18, 1×28×28, batch 128", "resnet18 --input 1x28x28 --batch 128", "r18 128 28 1 f32", 4),
    ("ResNeXt-50 32×4d, 3×224×224, batch 32", "resnext50_32x4d --batch 32", "x50 32 224 3 f32", 1),
    ("ResNet-50, 3×224×224, batch 32", "resnet50 --batch 32", "r50 32 224 3 f32", 1),
]
# Memory formats and compilation that the peer offers; the fastest is compared with.
MODES = ["cl", "eager", "comp-cl"]


class Program:
    """A process that does a step when it is told to."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        sys.exit(f"{' '.join(command)}: ended before it was ready")

    def step(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def turn(self):
        self.step()
        return self.step()

    def peak_memory(self):
        """Largest resident memory so far, in MB."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            line = next(line for line in status if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def peer(path, shape, mode):
    kind, *numbers = shape.split()
    return Program([sys.executable, path, kind, mode, *numbers, "serve"])


def is_emulated(shape):
    """Whether PyTorch computes this element by element: a step takes minutes then."""
    return shape.endswith("bf16") and "avx512" not in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")


def fastest_mode(path, shape):
    if is_emulated(shape):
        return MODES[0]
    times = {}
    for mode in MODES:
        try:
            program = peer(path, shape, mode)
        except SystemExit as error:
            # Compilation needs a C++ compiler.
            print(f"{error}; left out", file=sys.stderr)
            continue
        # One turn may be slow by chance.
        times[mode] = statistics.median(program.turn() for _ in range(3))
        program.end()
    if not times:
        sys.exit(f"{path}: ran in none of its modes")
    return min(times, key=times.get)


def row(name, arguments, shape, turns, options):
    mode = fastest_mode(options.peer, shape)
    ours = Program([options.program, "bench", *arguments.split(), "--serve"])
    theirs = peer(options.peer, shape, mode)
    if is_emulated(shape):
        pairs = [(ours.turn(), theirs.step())]
    else:
        pairs = [(ours.turn(), theirs.turn()) for _ in range(turns)]
    ratios = sorted(b / a for a, b in pairs)
    a, b = (statistics.median(times) for times in zip(*pairs))
    memory = ours.peak_memory(), theirs.peak_memory()
    ours.end()
    theirs.end()
    return (
        f"| {name} | {b:.0f} ({mode}) | {a:.0f} "
        f"| {statistics.median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f}) "
        f"| {memory[0]:.0f} of {memory[1]:.0f}, {memory[0] / memory[1]:.2f} |"
    )


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        names = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", default=".build/release/resnet-tui")
    parser.add_argument("--rows", default="", help="only rows whose name contains this")
    options = parser.parse_args()

    import torch

    print(f"{processor()}; PyTorch {torch.__version__}; {options.rounds} rounds\n")
    print("| work | PyTorch, ms/step | resnet-tui, ms/step | ratio | peak memory, MB |")
    print("|---|---|---|---|---|", flush=True)
    for name, arguments, shape, turns in ROWS:
        if options.rows in name:
            print(row(name, arguments, shape, turns * options.rounds, options), flush=True)


if __name__ == "__main__":
    main()
