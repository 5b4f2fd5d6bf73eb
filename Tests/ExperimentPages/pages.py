"""Recomputes what the pages of experiments/ show, from the recorded logs alone.

    pages.py PROGRAM [--write] [EXPERIMENT ...]

A page is experiments/<name>/README.md. It holds

* tables, each between `<!-- table: ARGUMENTS | COLUMN, COLUMN, … -->` and `<!-- end of table -->`. The
  arguments are those of `resnet-tui compare` (the page's runs by their ids, others by their folders,
  networks as `preset:NAME`, then options), or `sweep runs`, `sweep means` or `sweep errors` for what
  `resnet-tui sweep --report` says; the columns are metrics by their names. Of means, `loss/val climb` is by
  how much the last validation losses are above the least. `sweep correlations` are Pearson's, of the
  validation accuracies with the columns' logarithms.
* commands in ```sh blocks. Those that are `resnet-tui replay … --output NAME.svg` draw its pictures.

Every table and picture that is not what the logs give is a failure; with --write it is replaced. So is a
picture that a page shows and no command on it draws.
"""

import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = re.compile(r"(<!-- table: ([^|]+?)(?: \| (.+?))? -->\n)(.*?)(<!-- end of table -->)", re.S)
TITLES = {
    "parameters": "parameters",
    "macs": "MACs",
    "macs trained": "MACs trained, forward",
    "activations": "activations",
    "steps": "steps",
    "seconds": "time",
    "loss/train last epoch": "training loss, last epoch",
    "accuracy/train last epoch": "training accuracy, last epoch",
    "loss/val last": "validation loss",
    "loss/val best": "least validation loss",
    "loss/val climb": "its climb",
    "accuracy/val last": "validation accuracy",
    "accuracy/val best": "best validation accuracy",
    "accuracy/test last": "test accuracy",
    "loss/test last": "test loss",
}

# What a run has before it is trained.
COSTS = {"parameters", "macs", "activations"}


def compact(value):
    """With an SI prefix: 31.02 M."""
    for power, prefix in ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= power:
            return f"{value / power:.2f} {prefix}"
    return f"{value:.0f}"


def shown(metric, value):
    if value is None:
        return "–"
    if metric.startswith("accuracy"):
        return f"{100 * value:.2f} %"
    if metric.startswith("loss"):
        return f"{value:.4f}"
    if metric.startswith("macs"):
        return compact(value)
    if metric == "seconds":
        minutes, seconds = divmod(int(value), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
    return f"{round(value):,}"


def table(titles, rows):
    lines = ["| " + " | ".join(titles) + " |", "|---|" + "---:|" * (len(titles) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


class Page:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.path = folder / "README.md"

    def ask(self, *arguments):
        result = subprocess.run(
            [self.program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            sys.exit(f"{self.path.relative_to(ROOT)}: {' '.join(arguments)}: {result.stderr.strip()}")
        return json.loads(result.stdout)

    def table(self, arguments, columns):
        if arguments[0] == "sweep":
            return self.sweep_table(arguments[1], columns)
        # Options come last, such as --at-step.
        end = next((i for i, name in enumerate(arguments) if name.startswith("--")), len(arguments))
        arguments, options = arguments[:end], arguments[end:]
        runs = [self.subject(name) for name in arguments]
        report = self.ask("compare", *runs, *options, "--all", "--json")
        metrics = {row["key"]: row["values"] for row in report["metrics"]}
        for column in columns:
            if column not in metrics:
                sys.exit(f"{self.path.relative_to(ROOT)}: no run has a metric {column}")
        rows = [
            [self.name(name)] + [shown(column, metrics[column][index]) for column in columns]
            for index, name in enumerate(arguments)
        ]
        return table(["run"] + [TITLES.get(column, column) for column in columns], rows)

    def subject(self, argument):
        if argument.startswith("preset:"):
            return argument.removeprefix("preset:")
        own = f"experiments/{self.folder.name}/runs/{argument}"
        return own if (ROOT / own).exists() else argument

    @staticmethod
    def name(argument):
        """A run of another experiment goes by that and its id."""
        parts = argument.split("/")
        return f"{parts[1]}/{parts[3]}" if len(parts) == 4 else argument.removeprefix("preset:")

    def sweep_table(self, kind, columns):
        report = self.ask("sweep", f"experiments/{self.folder.name}/sweep.yaml", "--report", "--json")
        names = {
            "accuracy/val last": "accuracy_val",
            "accuracy/test last": "accuracy_test",
            "loss/val last": "loss_val",
            "loss/val best": "loss_val_best",
            "loss/train last epoch": "loss_train",
        }
        finished = [row for row in report["runs"] if row["finished"]]
        if kind == "correlations":
            accuracies = [row["accuracy_val"] for row in finished]
            rows = [
                [
                    f"logarithm of the {TITLES[column]}",
                    f"{statistics.correlation([math.log(row[column]) for row in finished], accuracies):.2f}",
                ]
                for column in columns
            ]
            return table(["over the runs", "correlation with the validation accuracy"], rows)
        if kind == "means":
            def climb(name):
                climbs = [
                    row["loss_val"] / row["loss_val_best"] - 1
                    for row in finished
                    if row["run"].startswith(f"{name}_seed-")
                ]
                return f"{100 * min(climbs):.0f} to {100 * max(climbs):.0f} %"

            def mean(row, column):
                if column == "loss/val climb":
                    return climb(row["runs"])
                key = names.get(column, column)
                value, deviation = row.get(key), row.get(key + "_deviation")
                if value is None or deviation is None:
                    return shown(column, value)
                if column.startswith("accuracy"):
                    return f"{100 * value:.2f} ± {100 * deviation:.2f} %"
                return f"{value:.4f} ± {deviation:.4f}"

            rows = [
                [row["runs"], str(row["count"])] + [mean(row, column) for column in columns]
                for row in report["means"]
            ]
            return table(["mean over seeds", "runs"] + [TITLES[column] for column in columns], rows)
        if kind == "errors":
            names = {0: "least", 0.25: "a quarter", 0.5: "half", 0.75: "three quarters", 1: "all"}
            quantiles = report["error_quantiles"]
            return table(
                ["of the runs"] + [names[row["share"]] for row in quantiles],
                [["validation error up to"] + [f"{100 * row['error']:.2f} %" for row in quantiles]],
            )
        front = set(report["pareto_front"])
        rows = [
            [("**" + row["run"] + "**") if row["run"] in front else row["run"]]
            + [
                # What has not come to its end has costs, and no outcome.
                shown(column, row.get(names.get(column, column)) if row["finished"] or column in COSTS else None)
                for column in columns
            ]
            for row in report["runs"]
        ]
        return table(["run"] + [TITLES.get(column, column) for column in columns], rows)

    def recomputed(self, text):
        def replace(match):
            head, arguments, columns, _, end = match.groups()
            columns = [column.strip() for column in (columns or "").split(",") if column.strip()]
            return head + self.table(arguments.split(), columns) + end

        return TABLE.sub(replace, text)

    def pictures(self, text):
        """The pictures that the page's commands draw, by their names."""
        lines = [
            line
            for block in re.findall(r"```sh\n(.*?)```", text, re.S)
            for line in block.splitlines()
            if re.match(r"\w+=|resnet-tui replay ", line)
        ]
        if not any(line.startswith("resnet-tui replay ") and "--output" in line for line in lines):
            return {}
        with tempfile.TemporaryDirectory() as scratch:
            os.symlink(ROOT / "experiments", f"{scratch}/experiments")
            script = "set -eu\nresnet_tui() { \"$PROGRAM\" \"$@\"; }\n"
            script += "\n".join(
                re.sub("^resnet-tui ", "resnet_tui ", line)
                for line in lines
                if "=" in line.split()[0] or "--output" in line
            )
            result = subprocess.run(
                ["/bin/sh", "-c", script], cwd=scratch, capture_output=True, text=True, check=False,
                env={"PROGRAM": self.program},
            )
            if result.returncode != 0:
                sys.exit(f"{self.path.relative_to(ROOT)}: {result.stderr.strip()}")
            return {file.name: file.read_bytes() for file in Path(scratch).glob("*.svg")}


def main():
    program, *rest = sys.argv[1:]
    program = str(Path(program).resolve())
    write = "--write" in rest
    names = [name for name in rest if name != "--write"]
    folders = [ROOT / "experiments" / name for name in names] or sorted(
        path.parent for path in ROOT.glob("experiments/*/README.md")
    )
    tables = pictures = 0
    wrong = []
    for folder in folders:
        page = Page(program, folder)
        text = page.path.read_text()
        new = page.recomputed(text)
        tables += len(TABLE.findall(text))
        if new != text:
            wrong.append(f"experiments/{folder.name}/README.md: a table is not what the logs give")
            if write:
                page.path.write_text(new)
        drawn = page.pictures(text)
        for name in re.findall(r"!\[[^]]*\]\(([^/)]+)\)", text):
            if name not in drawn:
                sys.exit(f"experiments/{folder.name}/README.md: no command on it draws {name}")
        for name, picture in drawn.items():
            pictures += 1
            file = folder / name
            if not file.exists() or file.read_bytes() != picture:
                wrong.append(f"experiments/{folder.name}/{name}: is not what the logs give")
                if write:
                    file.write_bytes(picture)
    for line in wrong:
        print(("written: " if write else "") + line)
    print(f"{len(folders)} pages, {tables} tables and {pictures} pictures recomputed")
    if wrong and not write:
        sys.exit("--write brings them up to date; look at what changes")


main()
