"""A folder of results, a run a night: copies of one result whose times, commits and figures are those of a made-up year.

  make_history.py TEMPLATE FOLDER RUNS [--change RUN:FACTOR ...] [--noise SHARE] [--gap RUN:DAYS] [--first-day YYYY-MM-DD]

From RUN on latency is FACTOR times what it was at first, and throughput its inverse. The same arguments always make the
same files. Histograms stay those of the template: a history does not look at them.
"""
import argparse
import copy
import datetime
import json
import pathlib
import random


def scaled(result, factor):
    for part in [result["totals"]] + result["endpoints"]:
        for key in ("latency_ms", "latency_ok_ms", "latency_all_ms"):
            if part.get(key):
                part[key] = {name: round(value * factor, 6) for name, value in part[key].items()}
        if part.get("throughput_rps"):
            part["throughput_rps"] /= factor


def pair(text):
    run, value = text.split(":")
    return int(run), float(value)


parser = argparse.ArgumentParser()
parser.add_argument("template", type=pathlib.Path)
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("runs", type=int)
parser.add_argument("--change", type=pair, action="append", default=[])
parser.add_argument("--gap", type=pair, action="append", default=[])
parser.add_argument("--noise", type=float, default=0.03)
parser.add_argument("--first-day", type=datetime.date.fromisoformat, default=datetime.date(2025, 1, 1))
options = parser.parse_args()

template = json.loads(options.template.read_text())
options.folder.mkdir(parents=True, exist_ok=True)
draws = random.Random(1)
start = datetime.datetime.combine(options.first_day, datetime.time(2, 0))
factor = 1.0
for run in range(options.runs):
    factor = dict(options.change).get(run, factor)
    start += datetime.timedelta(days=dict(options.gap).get(run, 0))
    result = copy.deepcopy(template)
    result["started_at"] = start.strftime("%Y-%m-%dT%H:%M:%SZ")
    result["commit"] = f"{run:04x}" * 10
    result["branch"] = "main"
    scaled(result, factor * (1 + draws.gauss(0, options.noise)))
    name = f"{result['operation']}_{start.strftime('%Y%m%d_%H%M%S')}.json"
    (options.folder / name).write_text(json.dumps(result, indent=2))
    start += datetime.timedelta(days=1)
