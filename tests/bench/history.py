#!/usr/bin/env python3
"""How long a history of 10,000 runs takes: the results of a short burst, with the times and figures of 27 years of nights.

  tests/bench/history.py [RUNS] [TRIES]

Needs room for the files, about half a GB. Prints a table; fails when reading takes 2 s or more.
"""
import datetime
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

from common import BURSTGATE

LIMIT_S = 2.0
INDEX = ".burstgate-history.jsonl"


def make_template(folder):
    service = subprocess.Popen([BURSTGATE, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        url = service.stdout.readline().split()[-1]
        config = folder / "burstgate.yaml"
        config.write_text("operation: nightly\nworkload:\n  scenarios:\n    - name: user\n      steps:\n"
                          "        - {get: /, name: list}\n        - {get: /, name: item}\n"
                          "profiles: {nightly: {rate: 500/s, duration: 6s, warmup: 200ms}}\n")
        result = folder / "template.json"
        subprocess.run([BURSTGATE, "run", url, "--config", str(config), "--output", str(result), "--quiet"], check=True,
                       stdout=subprocess.DEVNULL, cwd=folder, env={"PATH": "/usr/bin:/bin"})
        return result
    finally:
        service.terminate()
        service.wait()


def write_history(template, results, runs):
    """The text as it is, but for the run's start, commit and the total's p95."""
    results.mkdir()
    draws = random.Random(1)
    first = datetime.datetime(1999, 1, 1, 2)
    whole = json.loads(template)
    p95 = whole["totals"]["latency_ms"]["p95"]
    before, after = template.split(f'"p95": {p95}', 1)
    head, tail = before.split(f'"started_at": "{whole["started_at"]}"', 1)
    head_commit, tail_commit = tail.split('"commit": ""', 1)
    for run in range(runs):
        start = first + datetime.timedelta(days=run)
        (results / f"nightly_{start:%Y%m%d_%H%M%S}.json").write_text("".join(
            [head, f'"started_at": "{start:%Y-%m-%dT%H:%M:%SZ}"', head_commit, f'"commit": "{run:040x}"', tail_commit,
             f'"p95": {p95 * (1 + draws.uniform(0, 0.05)):.6f}', after]))


def trend(results, *flags):
    start = time.perf_counter()
    subprocess.run([BURSTGATE, "trend", str(results), "--days", "365", *flags], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    tries = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        template = make_template(folder)
        results = folder / "results"
        write_history(template.read_text(), results, runs)
        size = template.stat().st_size
        print(f"{runs} results of {size / 1024:.0f} KiB, {runs * size / 1e6:.0f} MB; the last 365 days of them\n")
        without, with_index = [], []
        for _ in range(tries):
            (results / INDEX).unlink(missing_ok=True)
            without.append(trend(results))
            with_index.append(trend(results))
        print("| history           | median s | slowest s | limit s |")
        print("|-------------------|----------|-----------|---------|")
        for what, seconds in (("without the index", without), ("with the index", with_index)):
            print(f"| {what:<17} | {statistics.median(seconds):8.2f} | {max(seconds):9.2f} | {LIMIT_S:7.1f} |")
        sys.exit(0 if statistics.median(without) < LIMIT_S else 1)


main()
