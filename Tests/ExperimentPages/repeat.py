"""Trains the first steps of recorded runs again, and compares their losses.

    repeat.py PROGRAM STEPS EXPERIMENT|RUN ...

Of an experiment's folder, its experiment.yaml is trained, and compared with the run that is of it.

A loss is `loss/train` at a step, as `resnet-tui export` prints it. Where oneDNN, its instruction set and
the processor (if the log names one) are those of the recording, each has to be the same bit for bit.
Elsewhere it has to be within 1e-3, or within what rounding does: a training multiplies that by up to a
hundred with every step. To know it, the same steps are trained with the other convolution algorithm and
number of threads too; a loss may be ten times as far from the recorded one as these two have been from
each other until three steps later.
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


def trained(program, experiment, steps, facts, convolution):
    """The losses of the experiment's first steps, and what that run found out about its surroundings."""
    with tempfile.TemporaryDirectory() as scratch:
        run = f"{scratch}/run"
        outcome = subprocess.run(
            [program, "train", experiment, "--run", run, "--max-steps", str(steps),
             "--threads", facts["threads"], "--convolution", convolution, "--progress", "none"],
            capture_output=True, text=True, check=False,
        )
        if outcome.returncode != 0:
            sys.exit(f"{experiment}: {outcome.stderr.strip()}")
        return losses(program, run, steps), resolved(run)


def rounding(one, other):
    """For each step, how far two roundings of one training have been apart until three steps later."""
    return {
        step: max(abs(one[until] - other[until]) for until in one if until <= step + 3) for step in one
    }


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
        new, own = trained(program, experiment, steps, facts, facts["convolution"])
        if new.keys() != old.keys():
            sys.exit(f"{run}: its log has other steps")
        apart = {step: abs(old[step] - new[step]) for step in old}
        if all(facts.get(key, own.get(key)) == own.get(key) for key in ("onednn", "isa", "processor")):
            equal = sum(old[step] == new[step] for step in old)
            is_right = equal == len(old)
            said = f"{equal} of {len(old)} losses bit for bit"
        else:
            other, _ = trained(
                program, experiment, steps, facts | {"threads": "2" if facts["threads"] == "1" else "1"},
                "direct" if facts["convolution"] == "auto" else "auto",
            )
            allowed = {step: max(1e-3, 10 * by) for step, by in rounding(new, other).items()}
            is_right = all(apart[step] <= allowed[step] for step in old)
            within = next((i for i, step in enumerate(sorted(old)) if apart[step] > 1e-3), len(old))
            said = (
                f"{within} of {len(old)} losses within 1e-3, then {max(apart.values()):.1g} apart at most "
                f"where two roundings are {max(abs(new[step] - other[step]) for step in old):.1g} "
                f"(recorded with oneDNN {facts['onednn']}, {facts.get('processor', facts['isa'])})"
            )
        failures += not is_right
        print(f"{run}: {said}" + ("" if is_right else ": NOT REPEATED"), flush=True)
    print(f"{len(runs)} runs, {failures} not repeated")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
