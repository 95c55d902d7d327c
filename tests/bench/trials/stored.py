"""Stored-mode A/A: runs of the same build one after the other, each with a fresh launch; each is judged against the five before it.

Neighbouring trials share runs and so are not independent; the share of false alarms is none the less what it is.
"""
import json
import os
import subprocess
import time

RECORDED_RUNS = 5  # of a baseline


def path_of(folder, cell, neighbour, number):
    return os.path.join(folder, f"{cell}.{neighbour}", f"{number:04d}.json")


def measure(binary, config_file, path, seed, folder):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    done = subprocess.run([binary, "run", "--config", config_file, "--profile", "trial", "--seed", str(seed), "--output", path,
                           "--quiet"], cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 3):  # 3: a limit that could not be judged; the run is there
        raise SystemExit(f"stored run: exit {done.returncode}\n{done.stdout}\n{done.stderr}")


def judge(binary, runs, candidate, folder):
    """(outcome's exit code, saved verdict)"""
    baseline = os.path.join(folder, "stored-baseline.json")
    results = []
    for run in runs:
        with open(run) as f:
            result = json.load(f)
        result.pop("verdict", None)
        results.append(result)
    with open(baseline, "w") as f:
        json.dump({"schema": "burstgate-baseline/1", "runs": results, "complete": True}, f)
    output = os.path.join(folder, "stored-verdict.json")
    done = subprocess.run([binary, "compare", baseline, candidate, "--output", output, "--quiet"], cwd=folder,
                          capture_output=True, text=True, timeout=120)
    with open(output) as f:
        return done.returncode, json.load(f)["verdict"]


def one(trials, cell, neighbour, number, config_file, outcomes):
    """The trial's line; measures what is missing of its six runs."""
    began = time.monotonic()
    folder = trials.folder
    paths = [path_of(folder, cell, neighbour, number + i) for i in range(RECORDED_RUNS + 1)]
    for i, path in enumerate(paths):
        if not os.path.exists(path):
            measure(trials.binary, config_file, path, 5000 + number + i, folder)
    code, verdict = judge(trials.binary, paths[:-1], paths[-1], folder)
    p95 = next(c for c in verdict["checks"] if c["metric"] == "latency_p95" and c["kind"] == "regression")
    with open(paths[-2]) as f:
        before = json.load(f)["totals"]["latency_ms"]["p95"]
    with open(paths[-1]) as f:
        now = json.load(f)["totals"]["latency_ms"]["p95"]
    return {
        "number": number, "outcome": outcomes[code], "wall_s": round(time.monotonic() - began, 2), "paired_s": 10.0,
        "reasons": [r["cause"] for r in verdict["reasons"]],
        "checks": [{k: c.get(k) for k in ("kind", "metric", "outcome", "cause", "worse_by", "figure")} for c in verdict["checks"]],
        "p95_change": (p95.get("worse_by") or {}).get("change"),
        "comparators": {"point_p95_20pct": now / before > 1.20},
    }
