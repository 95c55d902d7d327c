#!/usr/bin/env bash
# The workflows of ci/github as a whole, job by job as a runner executes them, on sample repositories with the built-in
# service: a pull request with two builds, one against a stored baseline, the nightly and the weekly run.
set -euo pipefail
burstgate=$(realpath "$1")
/usr/bin/python3 -c 'import yaml' 2>/dev/null || { echo "skipped: python3-yaml is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$burstgate" "$folder/bin/burstgate"
PYTHONPATH=tests/support /usr/bin/python3 -B - "$PWD" "$folder" <<'PYTHON'
import json, pathlib, sys

from action_runner import Job

root, folder = map(pathlib.Path, sys.argv[1:])
UPLOAD, CHECKOUT = "actions/upload-artifact", "actions/checkout"
failures = []


def check(condition, what, job):
    if not condition:
        failures.append(what + "\n" + job.log[-3000:])


def write_repository(place, slowdown, config):
    """`make build` builds a service that is the built-in one."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "server").write_text(f'#!/bin/sh\nexec burstgate serve --slowdown {slowdown} "$@"\n')
    (place / "Makefile").write_text("build:\n\tmkdir -p built && install server built/server && rm -rf build && mv built build\n"
                                    ".PHONY: build\n")
    (place / "burstgate.yaml").write_text(config)


def new_job(name, **more):
    workspace = folder / name / "workspace"
    workspace.mkdir(parents=True, exist_ok=True)
    return Job(workspace, f"{folder / 'bin'}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", **more)


def play(what, job, workflow, expected, passed_over):
    """Up to three times: "cannot tell" is a right answer on a disturbed machine, but not what this is about."""
    for _ in range(3):
        job.passed_over = []
        code = job.workflow(root / f"ci/github/{workflow}.yml", root)
        if code != 3:
            break
    check(code == expected, f"{what}: exit {code}, expected {expected}", job)
    check(job.passed_over == passed_over, f"{what}: passed over {job.passed_over}", job)
    check((job.workspace / "burstgate-report/junit.xml").exists(), f"{what}: no report", job)
    check("latency" in job.summary, f"{what}: no summary", job)


# Two builds, the new one 60 % slower. What the pull request did to its own limits does not count: its file is not read.
example = (root / "examples/2-pull-request-ab/burstgate.yaml").read_text().replace(", serve,", ",")
job = new_job("paired", github={"event": {"pull_request": {"base": {"sha": "0" * 40}}}})
write_repository(job.workspace / "base", "1", example.replace("budget: 60s", "rate: 300/s\n  budget: 30s"))
write_repository(job.workspace / "head", "1.6", "no: yaml of burstgate")
play("paired", job, "pull-request-paired", 1, [CHECKOUT, CHECKOUT, UPLOAD])
check("latency p95" in job.summary, "paired: latency p95 in the summary", job)

# Stored: the default branch records five runs, then a pull request that is 60 % slower. One folder for both jobs: the
# file is what the cache would bring.
STORED = """operation: stored
service: {command: [build/server, --port, "{port}", --endpoint, "path=/ time=20ms"],
          url: "http://127.0.0.1:{port}", ready: /_ready}
profiles: {quick: {users: 4, duration: 600ms, warmup: 100ms}}
thresholds: {regression: {latency_p50: +20%}, limits: {latency_p50: {fail: 200ms}}}
"""
job = new_job("stored", github={"event_name": "push", "sha": "1" * 40})
write_repository(job.workspace, "1", STORED)
RESTORE, SAVE = "actions/cache/restore", "actions/cache/save"
play("stored, push", job, "pull-request-stored", 0, [CHECKOUT, RESTORE, SAVE, UPLOAD])
runs = json.loads((job.workspace / "perf/baseline.json").read_text())["runs"]
check(len(runs) == 5, f"stored: {len(runs)} runs recorded", job)
job = new_job("stored", github={"event_name": "pull_request", "sha": "2" * 40})
write_repository(job.workspace, "1.6", STORED)
play("stored, pull request", job, "pull-request-stored", 1, [CHECKOUT, RESTORE, UPLOAD])

# Committed: started by hand it records, and a pull request is gated against the file in the repository. As an artifact: the
# GitHub CLI brings what the default branch uploaded.
job = new_job("committed", github={"event_name": "workflow_dispatch", "sha": "1" * 40})
write_repository(job.workspace, "1", STORED)
play("committed, by hand", job, "baseline-committed", 0, [CHECKOUT, UPLOAD, UPLOAD])
artifact = job.workspace / "perf/baseline.json"
job = new_job("committed", github={"event_name": "pull_request", "sha": "2" * 40})
write_repository(job.workspace, "1.6", STORED)
play("committed, pull request", job, "baseline-committed", 1, [CHECKOUT, UPLOAD])
gh = folder / "bin/gh"
gh.write_text(f'#!/bin/sh\n[ "$1" = run ] && [ "$GH_TOKEN" ] || exit 1\n'
              f'case "$2 $3" in\n"list --workflow") echo 42 ;;\n"download 42") mkdir -p perf && cp {artifact} perf/ ;;\n'
              f'*) exit 1 ;;\nesac\n')
gh.chmod(0o755)
job = new_job("artifact", github={"event_name": "pull_request", "sha": "2" * 40})
write_repository(job.workspace, "1.6", STORED)
play("artifact, pull request", job, "baseline-artifact", 1, [CHECKOUT, UPLOAD])

# Nightly and weekly: a profile and limits of their own.
for name, profile, slowdown, expected in (("nightly-stress", "stress", "1", 0), ("weekly-soak", "soak", "1.6", 1)):
    job = new_job(name)
    write_repository(job.workspace, slowdown, STORED.replace("quick", profile))
    (job.workspace / "thresholds").mkdir()
    (job.workspace / "thresholds/nightly.yaml").write_text("limits: {latency_p50: {fail: 30ms}}\n")
    play(name, job, name, expected, [CHECKOUT, UPLOAD])

for failure in failures:
    print("FAILED:", failure)
sys.exit(1 if failures else 0)
PYTHON
