"""Trains the first steps of recorded runs again, and compares their losses.

    repeat.py PROGRAM STEPS EXPERIMENT|RUN ...

Of an experiment's folder, its experiment.yaml is trained, and compared with the run that is of it.

A loss is `loss/train` at a step, as `resnet-tui export` prints it. Where oneDNN and its instruction set
are those of the recording, each has to be the same bit for bit; elsewhere within a thousandth.
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
        with tempfile.TemporaryDirectory() as scratch:
            outcome = subprocess.run(
                [program, "train", experiment, "--run", f"{scratch}/run",
                 "--max-steps", str(steps), "--threads", facts["threads"],
                 "--convolution", facts.get("convolution", "direct"), "--progress", "none"],
                capture_output=True, text=True, check=False, env=dict(os.environ),
            )
            if outcome.returncode != 0:
                sys.exit(f"{run}: {outcome.stderr.strip()}")
            new = losses(program, f"{scratch}/run", steps)
            own = resolved(f"{scratch}/run")
        old = losses(program, run, steps)
        if not old:
            sys.exit(f"{run}: its log has no loss/train")
        same_kind = all(own[key] == facts[key] for key in ("onednn", "isa"))
        equal = sum(old[step] == new.get(step) for step in old)
        worst = max(abs(old[step] - new.get(step, float("inf"))) for step in old)
        is_right = equal == len(old) if same_kind else worst <= 1e-3
        failures += not is_right
        print(
            f"{run}: {equal} of {len(old)} losses bit for bit, {worst:.2g} apart at most"
            + ("" if same_kind else f" (recorded with oneDNN {facts['onednn']}, {facts['isa']})")
            + ("" if is_right else ": NOT REPEATED"), flush=True)
    print(f"{len(runs)} runs, {failures} not repeated")
    sys.exit(1 if failures else 0)


main()
