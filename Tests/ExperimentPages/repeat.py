"""Trains the first steps of recorded runs again, and compares their losses.

    repeat.py PROGRAM STEPS EXPERIMENT|RUN ...

Of an experiment's folder, its experiment.yaml is trained, and compared with the run that is of it.

A loss is `loss/train` at a step, as `resnet-tui export` prints it. Where oneDNN, its instruction set and
the processor (if the log names one) are those of the recording, each has to be the same bit for bit.
Elsewhere it has to be within 1e-3 for as long as rounding lets it: a training multiplies that by up to a
hundred with every step. To know how long, the same steps are trained without the CPU's newest instructions
too; the recorded losses have to stay within 1e-3 for two thirds of the steps for which these two do.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile


def losses(program, run, steps):
    text = subprocess.run(
        [program, "export", run, "--format", "csv"], capture_output=True, text=True, check=True
    ).stdout
    return {
        int(row["step"]): float(row["value"])
        for row in csv.DictReader(io.StringIO(text))
        if row["tag"] == "loss/train" and int(row["step"]) <= steps
    }


def resolved(run):
    """What the run found out about its surroundings, from its experiment.yaml."""
    text = open(f"{run}/experiment.yaml", encoding="utf-8").read()
    part = text.split("\nresolved:\n")[1]
    return dict(re.findall(r'^  (\w+): "?([^"\n]*)"?$', part, re.M))


def of_experiment(program, folder):
    """The recorded run whose settings are those of the folder's experiment.yaml."""
    for name in sorted(os.listdir(f"{folder}/runs")):
        run = f"{folder}/runs/{name}"
        text = subprocess.run(
            [program, "compare", f"{folder}/experiment.yaml", run, "--json"],
            capture_output=True, text=True, check=True,
        ).stdout
        if all(row["key"] == "network.preset" for row in json.loads(text)["settings"]):
            return run
    sys.exit(f"{folder}: none of its runs is of its experiment.yaml")


def trained(program, experiment, steps, facts, **environment):
    """The losses of the experiment's first steps, and what that run found out about its surroundings."""
    with tempfile.TemporaryDirectory() as scratch:
        run = f"{scratch}/run"
        outcome = subprocess.run(
            [program, "train", experiment, "--run", run, "--max-steps", str(steps),
             "--threads", facts["threads"], "--convolution", facts["convolution"], "--progress", "none"],
            capture_output=True, text=True, check=False, env=dict(os.environ, **environment),
        )
        if outcome.returncode != 0:
            sys.exit(f"{experiment}: {outcome.stderr.strip()}")
        return losses(program, run, steps), resolved(run)


def within(one, other):
    """How many losses two trainings have within 1e-3 before the first that is not."""
    steps = sorted(one)
    return next((i for i, step in enumerate(steps) if abs(one[step] - other[step]) > 1e-3), len(steps))


def main():
    program, steps, *folders = sys.argv[1:]
    steps = int(steps)
    runs = {}
    for folder in folders:
        if os.path.isdir(f"{folder}/runs"):
            runs[of_experiment(program, folder)] = f"{folder}/experiment.yaml"
        else:
            runs[folder] = f"{folder}/experiment.yaml"
    failures = 0
    for run, experiment in runs.items():
        facts = resolved(run)
        old = losses(program, run, steps)
        if not old:
            sys.exit(f"{run}: its log has no loss/train")
        new, own = trained(program, experiment, steps, facts)
        if new.keys() != old.keys():
            sys.exit(f"{run}: its log has other steps")
        if all(facts.get(key, own.get(key)) == own.get(key) for key in ("onednn", "isa", "processor")):
            equal = sum(old[step] == new[step] for step in old)
            is_right = equal == len(old)
            said = f"{equal} of {len(old)} losses bit for bit"
        else:
            older = "AVX2" if own["isa"].startswith("AVX-512") else "AVX"
            other, _ = trained(program, experiment, steps, facts, ONEDNN_MAX_CPU_ISA=older)
            repeated, roundings = within(old, new), within(other, new)
            is_right = repeated == len(old) or 3 * repeated >= 2 * roundings
            said = (
                f"{repeated} of {len(old)} losses within 1e-3, two roundings {roundings} "
                f"(recorded with oneDNN {facts['onednn']}, {facts.get('processor', facts['isa'])})"
            )
        failures += not is_right
        print(f"{run}: {said}" + ("" if is_right else ": NOT REPEATED"), flush=True)
    print(f"{len(runs)} runs, {failures} not repeated")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
