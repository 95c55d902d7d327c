#!/usr/bin/env python3
"""The trial matrix: does the paired verdict keep its promises on real sockets?

Each trial starts burstgate anew, which starts both services anew, and writes one line to FOLDER/CELL.NEIGHBOUR.jsonl;
whoever stops it can go on later. One trial at a time: two would be each other's noise.

  tests/bench/trials/run.py --cells wait-aa,wait+20 --trials 60        # runs what is missing, then prints the table
  tests/bench/trials/run.py --summary                                  # prints the table of what is there
  tests/bench/trials/run.py --folder docs/trials --summary             # the table of docs/statistics.md
  tests/bench/trials/run.py --keep docs/trials                         # keeps the figures of build/trials there
  tests/bench/trials/run.py --cells cpu-aa --neighbour hog --trials 100
  tests/bench/trials/run.py --cells all --lock /tmp/quiet     # "flock /tmp/quiet make" builds between two trials

FOLDER is build/trials unless --folder says otherwise. BURSTGATE names the binary; it is copied at the start, so that a
build meanwhile does not change what is measured.
"""
import argparse
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import cells as matrix  # noqa: E402
import comparators  # noqa: E402
import stored  # noqa: E402
from common import BURSTGATE, ROOT, table  # noqa: E402

OUTCOMES = {0: "pass", 1: "fail", 3: "inconclusive"}


def config_text(service, baseline, candidate, thresholds_file):
    """`baseline`: the other build's argv; nothing for a run of its own."""
    return f"""
service:
  command: {json.dumps(candidate)}
  url: http://127.0.0.1:{{port}}
  ready: {{get: {service.ready}, within: 20s}}
{f"baseline: {{command: {json.dumps(baseline)}}}" if baseline else ""}
workload:
  headers: {{Accept-Encoding: gzip}}
  scenarios: [{{name: trial, steps: [{{get: {service.path}}}]}}]
profiles:
  trial: {service.profile}
{f"thresholds: {thresholds_file}" if thresholds_file else ""}
"""


@contextlib.contextmanager
def alone(lock):
    """Holds the file LOCK, when one is named: whoever wants to work meanwhile takes it between two trials."""
    if not lock:
        yield
        return
    with open(lock, "a") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield
    time.sleep(0.5)  # or this loop would take it again before anybody who waits has woken up


def seeded(argv, seed):
    return [a.replace("{seed}", str(seed)) for a in argv]


def busy_share(before, after):
    """Share of all CPU time that somebody used, from two readings of /proc/stat."""
    total = sum(after) - sum(before)
    return 1 - (after[3] + after[4] - before[3] - before[4]) / total if total else 0.0


def cpu_ticks():
    with open("/proc/stat") as f:
        return [int(x) for x in f.readline().split()[1:9]]


class Trials:
    def __init__(self, folder, lock=""):
        self.folder, self.lock = folder, lock

    def prepare(self):
        folder = self.folder
        os.makedirs(folder, exist_ok=True)
        self.binary = os.path.join(folder, "burstgate")
        shutil.copy2(BURSTGATE, self.binary)
        with open(os.path.join(folder, "page.txt"), "w") as f:
            f.write("".join(f"line {i * 7919 % 10007} of some text that compresses well\n" for i in range(3000)))
        self.services = matrix.services(self.binary, folder)

    def file(self, cell, neighbour):
        return os.path.join(self.folder, f"{cell}.{neighbour}.jsonl")

    def done(self, cell, neighbour):
        path = self.file(cell, neighbour)
        if not os.path.exists(path):
            return []
        with open(path) as f:
            return [json.loads(line) for line in f]

    def write_config(self, cell, number):
        name, effect, thresholds, _, _ = matrix.CELLS[cell]
        service, candidates = self.services[name]
        limits = ""
        if thresholds:
            limits = os.path.join(self.folder, cell + "-thresholds.yaml")
            with open(limits, "w") as f:
                f.write(thresholds)
        path = os.path.join(self.folder, cell + ".yaml")
        with open(path, "w") as f:
            baseline = None if cell in matrix.STORED else seeded(service.argv, 2 * number + 1)
            f.write(config_text(service, baseline, seeded(candidates[effect], 2 * number + 2), limits))
        return path

    def one(self, cell, neighbour, number):
        if cell in matrix.STORED:
            return stored.one(self, cell, neighbour, number, self.write_config(cell, number), OUTCOMES)
        result = os.path.join(self.folder, "result.json")
        if os.path.exists(result):
            os.remove(result)
        before, began = cpu_ticks(), time.monotonic()
        process = subprocess.run(
            [self.binary, "gate", "--config", self.write_config(cell, number), "--profile", "trial", "--seed", str(1000 + number),
             "--output", result, "--quiet"], cwd=self.folder, capture_output=True, text=True, timeout=400)
        wall_s = time.monotonic() - began
        if process.returncode not in OUTCOMES:
            sys.exit(f"{cell}: exit {process.returncode}\n{process.stdout}\n{process.stderr}")
        with open(result) as f:
            saved = json.load(f)
        verdict, sequence = saved["verdict"], saved["verdict"]["sequence"]
        outcome, right = OUTCOMES[process.returncode], matrix.CELLS[cell][3]
        if outcome != right and right != "either":  # to find out why: `burstgate explain` takes it
            shutil.copy2(result, os.path.join(self.folder, f"wrong-{cell}.{neighbour}-{number}.json"))
        return {
            "number": number, "outcome": outcome, "wall_s": round(wall_s, 2),
            "paired_s": sequence["paired_s"], "rounds": sequence["rounds"],
            "set_aside": sequence["rounds_set_aside"], "launches": sequence["launches"],
            "busy": round(busy_share(before, cpu_ticks()), 3),
            "reasons": [r["cause"] for r in verdict["reasons"]],
            "checks": [{k: c.get(k) for k in ("kind", "metric", "outcome", "cause", "worse_by", "figure")}
                       for c in verdict["checks"]],
            "comparators": comparators.all_of(saved),
        }

    def run(self, cell, neighbour, wanted):
        have = len(self.done(cell, neighbour))
        hog = None
        if neighbour == "hog":
            hog = subprocess.Popen([sys.executable, os.path.join(HERE, "hog.py"), "1"])
        try:
            for number in range(have, wanted):
                with alone(self.lock):
                    line = self.one(cell, neighbour, number)
                with open(self.file(cell, neighbour), "a") as f:
                    f.write(json.dumps(line) + "\n")
                print(f"{cell} {neighbour} {number + 1}/{wanted}: {line['outcome']} after {line['paired_s']:.1f} s of load, "
                      f"{line['wall_s']:.1f} s", file=sys.stderr, flush=True)
        finally:
            if hog:
                hog.kill()
                hog.wait()


def share(count, n):
    low, high = comparators.wilson(count, n)
    return f"{100 * count / n:.1f} % ({100 * low:.1f} .. {100 * high:.1f})"


def summary(trials):
    rows, baseline_rows = [], []
    for cell, (_, _, _, _, target) in matrix.CELLS.items():
        for neighbour in ("idle", "hog"):
            lines = trials.done(cell, neighbour)
            if not lines:
                continue
            n = len(lines)
            count = lambda outcome: sum(1 for x in lines if x["outcome"] == outcome)
            mean = lambda key: sum(x[key] for x in lines) / n
            rows.append([cell, neighbour, n, share(count("fail"), n), share(count("pass"), n),
                         share(count("inconclusive"), n), f"{mean('paired_s'):.1f} s", f"{mean('wall_s'):.1f} s", target])
            baseline_rows.append([cell, neighbour, n, share(count("fail"), n)] + [
                share(sum(bool(x["comparators"][k]) for x in lines), n) if k in lines[0]["comparators"] else ""
                for k in comparators.NAMES])
    table(["cell", "neighbour", "trials", "FAIL", "PASS", "INCONCLUSIVE", "load", "wall", "target"], rows)
    print()
    table(["cell", "neighbour", "trials", "burstgate FAIL"] + comparators.NAMES, baseline_rows)


def keep(trials, folder):
    os.makedirs(folder, exist_ok=True)
    for cell in matrix.CELLS:
        for neighbour in ("idle", "hog"):
            lines = trials.done(cell, neighbour)
            if lines:
                with open(os.path.join(folder, f"{cell}.{neighbour}.jsonl"), "w") as f:
                    f.writelines(json.dumps({k: v for k, v in x.items() if k != "checks"}) + "\n" for x in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", default="", help="comma separated; all: every cell")
    parser.add_argument("--neighbour", default="idle", choices=["idle", "hog"])
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--folder", default=os.path.join(ROOT, "build/trials"))
    parser.add_argument("--lock", default="", help="file to hold with flock(1) during each trial")
    parser.add_argument("--summary", action="store_true")
    parser.add_argument("--keep", default="", metavar="FOLDER", help="copies the trials' figures, without each check's, there")
    arguments = parser.parse_args()
    trials = Trials(arguments.folder, arguments.lock)
    names = list(matrix.CELLS) if arguments.cells == "all" else [c for c in arguments.cells.split(",") if c]
    if names:
        trials.prepare()
    for cell in names:
        trials.run(cell, arguments.neighbour, arguments.trials)
    if arguments.keep:
        keep(trials, arguments.keep)
    summary(trials)


if __name__ == "__main__":
    main()
