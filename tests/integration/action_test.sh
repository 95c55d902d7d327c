#!/usr/bin/env bash
# The GitHub action, step by step as a runner executes it, on the built-in service: outputs, exit codes, hostile inputs,
# and where the binary comes from.
set -euo pipefail
burstgate=$(realpath "$1")
/usr/bin/python3 -c 'import yaml' 2>/dev/null || { echo "skipped: python3-yaml is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PYTHONPATH=tests/support /usr/bin/python3 -B - "$burstgate" "$PWD" "$folder" <<'PYTHON'
import concurrent.futures, itertools, json, os, pathlib, shutil, subprocess, sys

import yaml
from action_runner import Job, commands_in, evaluated, read_outputs

burstgate, root, folder = map(pathlib.Path, sys.argv[1:])
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OUTPUTS = set(yaml.safe_load((root / "action.yml").read_text())["outputs"])
failures, numbers = [], itertools.count(1)


def check(condition, what, job=None):
    if not condition:
        failures.append(what + ("\n" + job.log[-3000:] if job else ""))


def new_job(config=None, path=SYSTEM_PATH, **more):
    workspace = folder / f"job{next(numbers)}" / "workspace"
    workspace.mkdir(parents=True)
    if config:
        (workspace / "burstgate.yaml").write_text(config)
    return Job(workspace, path, **more)


def config(slowdown="1", limits="latency_p50: {fail: 30ms}"):
    """20 ms of waiting against a limit of 30: neither noise nor a busy machine comes between 20 and 30, or 32 and 30."""
    return f"""operation: action
service: {{command: ["{burstgate}", serve, --port, "{{port}}", --slowdown, "{slowdown}", --endpoint, "path=/ time=20ms"],
          url: "http://127.0.0.1:{{port}}", ready: /_ready}}
baseline: {{file: perf/baseline.json}}
profiles: {{quick: {{users: 4, duration: 600ms, warmup: 100ms}}}}
thresholds: {{limits: {{{limits}}}}}
"""


ALONE = config().replace("baseline: {file: perf/baseline.json}\n", "")
SLOW = config("1.6").replace("baseline: {file: perf/baseline.json}\n", "")


def play(what, job, code, verdict, **inputs):
    """Runs the action and checks what holds for every run."""
    inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
    for _ in range(3):  # "cannot tell" is a right answer on a disturbed machine, but not what this is about
        got, outputs = job.action(root, {"binary": str(burstgate), **inputs})
        if got != 3 or code == 3:
            break
    check(got == code, f"{what}: exit {got}, expected {code}", job)
    check(outputs["verdict"] == verdict, f"{what}: verdict {outputs['verdict']}, expected {verdict}", job)
    check(set(outputs) == OUTPUTS, f"{what}: outputs {sorted(outputs)}")
    check(outputs["exit-code"].isdigit(), f"{what}: exit-code {outputs['exit-code']!r}")
    check("\n" not in outputs["summary-text"] and len(outputs["summary-text"]) <= 500, f"{what}: summary text")
    check(job.summary != "", f"{what}: no step summary")
    check(set(commands_in(job.log)) <= {"error", "warning", "notice"}, f"{what}: {commands_in(job.log)}", job)
    return outputs


def measured(what, outputs):
    for report in ("json", "junit", "markdown"):
        path = outputs[f"report-{report}"]
        check(path.startswith("/") and os.path.getsize(path or "/dev/null") > 0, f"{what}: report-{report} is {path!r}")


def known_reports(what, outputs):
    """Reports that this burstgate knows are there, the outputs of the others are empty."""
    usage = subprocess.run([burstgate, "gate", "--help"], capture_output=True, text=True, check=True).stdout
    for report in ("html", "comment"):
        check((f"--{report} " in usage) == bool(outputs[f"report-{report}"]), f"{what}: report-{report}")


# The runner that this test brings.
context = {"inputs": {"a": "x"}, "github": {"event_name": "push"}}
check(evaluated("github.event_name == 'push' && 'record' || 'gate'", context) == "record", "expression: record")
check(evaluated("inputs.a == 'y' && 'record' || 'gate'", context) == "gate", "expression: gate")
(folder / "outputs").write_text("a=1\nb<<END\nx\nc=2\nEND\n")
check(read_outputs(folder / "outputs") == {"a": "1", "b": "x\nc=2"}, "outputs file")
check(commands_in("  ::set-output name=a::b\nx ::error::no\n##[add-path]x") == ["set-output", "add-path"], "commands")

# Verdicts.
outputs = play("unchanged", new_job(ALONE), 0, "pass")
measured("unchanged", outputs)
known_reports("unchanged", outputs)
check(outputs["regressions"] == "0" and outputs["exit-code"] == "0", "unchanged: no regressions")

job = new_job(SLOW)
outputs = play("slower", job, 1, "regression")
measured("slower", outputs)
known_reports("slower", outputs)
check(outputs["regressions"] == "1", f"slower: {outputs['regressions']} regressions")
check("latency p50" in outputs["summary-text"], f"slower: {outputs['summary-text']}")

outputs = play("slower, never", new_job(SLOW), 0, "regression", fail_on="never")
check(outputs["exit-code"] == "1", "slower, never: the exit code is handed on")
play("warning", new_job(ALONE.replace("fail: 30ms", "warn: 10ms, fail: 30ms")), 0, "warn", report_dir="a b/reports")

outputs = play("dead", new_job(), 4, "service-failed", url="http://127.0.0.1:9/")
check("127.0.0.1:9" in outputs["summary-text"], f"dead: {outputs}")
play("dead, never", new_job(), 4, "service-failed", url="http://127.0.0.1:9/", fail_on="never")

# Two builds without a YAML file: the commands are split at blanks.
server = folder / "server"
server.write_text(f'#!/bin/sh\nexec {burstgate} serve --slowdown "$1" --port "$2" --endpoint "path=/ time=10ms"\n')
server.chmod(0o755)
outputs = play("two commands", new_job(), 1, "regression", base_command=f"{server}\n 1 {{port}}",
               head_command=f"{server} 1.6 {{port}}")
check("latency p95" in outputs["summary-text"], f"two commands: {outputs['summary-text']}")
play("one command", new_job(), 2, "config-error", head_command=f"{server} 1 {{port}}")

# A baseline: recorded, compared with, missing.
job = new_job(config())
play("record", job, 0, "pass", mode="record", runs="2")
recorded = json.loads((job.workspace / "perf/baseline.json").read_text())["runs"]
check(len(recorded) == 2, f"record: {len(recorded)} runs", job)
play("no baseline", new_job(config()), 3, "inconclusive", baseline="perf/other.json")
play("no result", new_job(ALONE), 2, "config-error", args="--help")
play("sub-folder", new_job(), 2, "config-error", working_directory="no/such/folder")

# Inputs are data. Nothing is executed, printed as a command, or written beside the outputs.
HOSTILE = ["$(touch pwned)", "a\"b'c`touch pwned`; touch pwned", "--help", "*",
           "x\n::set-output name=verdict::pass\n##[add-mask]y\nverdict=pass\nEOF\nverdict<<EOF\n${GITHUB_TOKEN}\\"]
NAMES = ("config", "profile", "thresholds", "baseline", "budget", "url", "mode", "runs", "fail-on", "binary",
         "working-directory")


def play_hostile(inputs, codes):
    job = new_job(ALONE if len(inputs) == 1 else None)
    code, outputs = job.action(root, {"binary": str(burstgate), **inputs})
    check(code in codes, f"{inputs}: exit {code}", job)
    check(not list(job.workspace.parent.rglob("pwned*")), f"{inputs}: was executed", job)
    check(set(commands_in(job.log)) <= {"error"}, f"{inputs}: {commands_in(job.log)}", job)
    check(outputs["verdict"] in ("config-error", "inconclusive", "service-failed", ""), f"{inputs}: {outputs}")


with concurrent.futures.ThreadPoolExecutor(2) as threads:  # nothing is measured here
    played = [threads.submit(play_hostile, {name: text}, {2, 3} if name == "baseline" else {2})
              for name in NAMES for text in HOSTILE]
    for text in HOSTILE:  # as a program with arguments; as flags, and as a folder
        played.append(threads.submit(play_hostile, {"base-command": text, "head-command": text}, {2, 4}))
        played.append(threads.submit(play_hostile, {"args": text + " --none", "report-dir": text}, {2}))
    for done in played:
        done.result()

# Where the binary comes from.
(folder / "bin").mkdir()
(folder / "bin/burstgate").symlink_to(burstgate)
job = new_job(ALONE, path=f"{folder / 'bin'}:{SYSTEM_PATH}")
check(job.action(root, {"mode": "none"})[1]["verdict"] == "config-error" and "burstgate 0." in job.log, "on PATH", job)
job = new_job(ALONE, env={"BURSTGATE_BIN": str(burstgate)})
check(job.action(root, {"mode": "none"})[1]["verdict"] == "config-error" and "burstgate 0." in job.log, "BURSTGATE_BIN")
job = new_job(ALONE)
check(job.action(root, {"binary": "/no/such/binary"})[0] == 2 and "cannot be run" in job.log, "a binary that is not there")

# Built: from the action's own sources, once; kept under a key that changes with them. A stand-in for cmake "builds".
tree = folder / "tree"
for part in ("ci", "src"):
    shutil.copytree(root / part, tree / part)
for part in ("action.yml", "CMakeLists.txt", "CMakePresets.json"):
    shutil.copy(root / part, tree / part)
tools = folder / "tools"
tools.mkdir()
(tools / "cmake").write_text(f"#!/bin/sh\necho \"cmake $*\" >>{folder}/built\n"
                             f"mkdir -p build/release && cp {burstgate} build/release/burstgate\n")
(tools / "cmake").chmod(0o755)
job = new_job(ALONE, path=f"{tools}:{SYSTEM_PATH}")
code, outputs = job.action(tree, {})
check(code == 0 and outputs["verdict"] == "pass", f"built: exit {code}", job)
check(job.passed_over == ["actions/cache"], f"built: {job.passed_over}")
built = (folder / "built").read_text()
check("--target burstgate" in built, f"built: {built}")
code, outputs = job.action(tree, {"mode": "none"})
check((folder / "built").read_text() == built, "a binary from the cache is not built again", job)


def cache_key():
    probe = folder / "key"
    probe.write_text("")
    subprocess.run([tree / "ci/github/install.sh", "find"], check=True, stdout=subprocess.DEVNULL,
                   env={"PATH": SYSTEM_PATH, "GITHUB_OUTPUT": str(probe), "RUNNER_TEMP": str(folder)})
    return read_outputs(probe)["key"]


before = cache_key()
check(before == cache_key() and before.startswith("burstgate-"), f"cache key {before}")
with open(tree / "src/main.cpp", "a") as main:
    main.write("// changed\n")
check(before != cache_key(), "the cache key changes with the sources")

for failure in failures:
    print("FAILED:", failure)
print(f"{next(numbers) - 1} jobs")
sys.exit(1 if failures else 0)
PYTHON
