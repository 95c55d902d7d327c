#!/usr/bin/env bash
# Profiles in stages on the real binary: users and arrivals follow them, recovery is measured and gated, a recorded run
# is compared with, and a dry run sends nothing.
set -euo pipefail
burstgate=$(realpath "$1")
source "$(dirname "${BASH_SOURCE[0]}")/../support/serve.sh"

run() { # $1: expected exit codes, rest: arguments
  local expected=$1 code=0
  shift
  "$burstgate" "$@" >out.txt 2>err.txt || code=$?
  [[ " $expected " == *" $code "* ]] || { cat out.txt err.txt; fail "burstgate $*: exit $code, expected $expected"; }
}
says() { grep -qE -- "$1" out.txt err.txt || { cat out.txt err.txt; fail "not said: $1"; }; }
json() { python3 -c "import json, sys; r = json.load(open('$1')); print($2)"; }

cat >burstgate.yaml <<'YAML'
operation: profiles
profiles:
  users: {stages: [{users: 2, over: 0s, name: low}, {users: 2, over: 1s, name: stay}, {users: 8, over: 0s, name: jump},
                   {users: 8, over: 1s, name: peak}, {users: 2, over: 200ms, name: fall},
                   {users: 2, over: 1800ms, name: after}]}
  arrivals: {stages: [{rate: 100/s, over: 1s}, {rate: 100/s, over: 1s}, {rate: 0/s, over: 500ms}]}
thresholds:
  regression: {recovery_time: {fail: +500%, floor: 2s}, latency_p95: {fail: +900%}}
  limits: {recovery_time: 1500ms, latency_p95: 2s}
YAML
echo 'limits: {error_rate: 1%}' >errors.yaml
echo 'limits: {latency_p95: {warn: 1ms}, recovery_time: 1500ms}' >slow.yaml

# ---- a dry run sends nothing: no connection arrives, no service is started
python3 - "$burstgate" >dry.txt <<'PYTHON'
import socket, subprocess, sys
with socket.create_server(("127.0.0.1", 0)) as listener:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    for words in (["run"], ["gate"], ["record", "--baseline", "b.json"], ["run", "--profile", "spike"]):
        done = subprocess.run([sys.argv[1], *words, url, "--dry-run"], capture_output=True, text=True, timeout=20)
        print(done.stdout, done.stderr)
        assert done.returncode == 0, done
        assert "nothing was started and nothing was sent" in done.stdout, done.stdout
    listener.settimeout(0.3)
    try:
        listener.accept()
        sys.exit("something was sent")
    except TimeoutError:
        pass
PYTHON
grep -q '^load        closed model: up to 1000 users$' dry.txt || { cat dry.txt; fail "the built-in spike"; }
grep -q '^descriptors 1064 needed$' dry.txt || fail "descriptors"
[ ! -e b.json ] && [ ! -e performance ] || fail "a dry run wrote files"
cat >starts.yaml <<'YAML'
service: {command: [touch, started, "{port}"], url: "http://127.0.0.1:{port}"}
YAML
run 0 run --config starts.yaml --dry-run
[ ! -e started ] || fail "a dry run started the service"

start_service --endpoint "path=/ time=10ms"

# ---- arrivals: the area under the rate, at both ends
run "0 1 3" run "$url/" --profile arrivals --output arrivals.json --thresholds errors.yaml
[ "$(json arrivals.json "r['totals']['requests'], r['totals']['dropped']")" = "175 0" ] || fail "arrivals"
arrived=$(curl -s "$url/_stats" | python3 -c 'import json, sys; print(json.load(sys.stdin)["endpoints"]["/"]["requests"])')
[ "$arrived" = 175 ] || fail "$arrived requests arrived at the service, 175 were due"
[ "$(json arrivals.json "[s['name'] for s in r['stages']]")" = "['stage 1', 'stage 2', 'stage 3']" ] || fail "stages"

# ---- users: they come and go with the stages, reports and progress name these, recovery is within its limit
run 0 gate "$url/" --profile users --on-inconclusive pass --output users.json --html users.html
says '^measuring, stage peak \.\.\.$'
says 'stages +stay: 0\.0 s to 1\.0 s, 2 users: '
says 'peak: 1\.0 s to 2\.0 s, 8 users: '
grep -q '"recovery: p95 within its limit of 2\.00 s, errors within 1 % 100 ms after the peak"' users.json ||
  fail "no note on the recovery"
grep -q '>after<' users.html || fail "the chart does not name the stages"
python3 - <<'PYTHON'
import json
result = json.load(open("users.json"))
names = [stage["name"] for stage in result["stages"]]
assert names == ["stay", "peak", "fall", "after"], names
answers = {}
for piece in result["slices"]:
    count, length = answers.get(names[piece["stage"]], (0, 0))
    answers[names[piece["stage"]]] = (count + piece["ok"], length + piece["duration_s"])
rate = {name: count / length for name, (count, length) in answers.items()}
assert 2.5 < rate["peak"] / rate["stay"] < 6, rate  # 8 users and 2
assert 2.5 < rate["peak"] / rate["after"] < 6, rate
assert result["generator"]["connections_peak"] == 8, result["generator"]
figures = result["totals"]["figures"]
assert 99 < figures["recovery_time_ms"] < 101, figures  # a slice
assert figures["peak_throughput_rps"] >= rate["peak"] * 0.8, figures
PYTHON

# ---- not recovered: what is never within the limits took as long as was waited, and its limit is broken
run "1 3" run "$url/" --profile users --output slow.json --thresholds slow.yaml  # 3: on a disturbed machine
grep -q 'p95 within its limit of 1\.00 ms, errors within 1 % not reached within the 2\.00 s after the peak' slow.json ||
  fail "no note on the missing recovery"

# ---- a recorded run of the same profile is compared with; another load is another workload
run "0 1 3" record "$url/" --profile users --baseline base.json --quiet
run 0 gate "$url/" --profile users --baseline base.json --on-inconclusive pass --output compared.json
python3 - <<'PYTHON'
import json
checks = json.load(open("compared.json"))["verdict"]["checks"]
compared = {check["metric"] for check in checks if check["kind"] == "regression" and check["baseline_ms"] is not None}
assert {"latency_p95", "recovery_time"} <= compared, checks
PYTHON
run 3 gate "$url/" --profile users --users 4 --baseline base.json
says 'workload_differs|another workload|stage'

# ---- side by side it is refused
run 2 gate "$url/" --profile users --baseline http://127.0.0.1:9/
says 'error\[E-106\]: a paired comparison with the stages of the profile'
