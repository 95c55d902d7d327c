#!/usr/bin/env bash
# Journeys against a service with a memory (tests/support/shop.py), whose own counters must agree: login in the setup,
# values saved and used, rows from files, checks that fail, a feeder that runs out, logout at the end. The service refuses
# whatever lacks its cookie, its token or its cart.
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/shops.sh

# $1: expected exit code; the rest: arguments of burstgate
run() {
  local expected=$1 code=0
  shift
  "$burstgate" "$@" --output result.json >out.txt 2>err.txt || code=$?
  [ "$code" = "$expected" ] || fail "burstgate $* ended with $code, not $expected"
}
# $1: a Python condition over r (the result) and c (the counters of $2, if given)
holds() {
  python3 - "$1" "${2:-}" <<'PYTHON' || fail "$1"
import json, sys
r = json.load(open("result.json"))
c = json.load(open(sys.argv[2])) if sys.argv[2] else {}
ends = {e["name"]: e for e in r.get("endpoints", [])}
setup = {e["name"]: e for e in r.get("setup", [])}
notes = "\n".join(r.get("notes", []))
sys.exit(0 if eval(sys.argv[1]) else 1)
PYTHON
}

printf 'user,password\r\nann,ann-secret\r\n"b,ob",  "x"\r\n' >broken.csv
write_rows

# ---- a whole journey; nothing may be wrong at the service's side ----
open_shop first
first_port=$port
journey "$port" "order: unique, per: user" >journey.yaml
printf 'profiles: {p: {users: 3, duration: 1s, warmup: 0s}}\nthreads: 2\nthresholds: {limits: {error_rate: 1%%}}\n' >>journey.yaml
run 0 run --config journey.yaml
holds 'r["totals"]["failed"] == 0 and ends["read"]["ok"] > 20'
holds 'set(ends) == {"cart", "read"} and setup["login"]["ok"] == 3 and setup["logout"]["ok"] == 3'
grep -q 'login: 3 sent, 3 ok' out.txt || fail "the setup is not in the report"
grep -q 'ann-secret\|bob-secret' out.txt err.txt result.json && fail "a password was shown"

# ---- a stored baseline of it ----
run 0 record --config journey.yaml --baseline base.json --users 3
run 0 gate --config journey.yaml --baseline base.json --users 3
close_shop first
holds 'c["wrong"] == [] and c["logins"] == 9 and c["logouts"] == 9 and c["carts"] >= c["reads"] > 0' first.json
holds 'set(c["rows"]) == {str(i) for i in range(30)}' first.json

# ---- a feeder that runs out ends the users, and the run says so ----
open_shop second
second_port=$port
journey "$port" "order: unique, per: user" stop >ends.yaml
printf 'profiles: {p: {users: 3, duration: 20s, warmup: 0s}}\n' >>ends.yaml
run 3 run --config ends.yaml
holds '"rows.json: all 30 rows were used up; 3 iterations got none" in notes and r["partial"]'
holds 'ends["read"]["ok"] == 30 and ends["read"]["requests"] == 30 and setup["logout"]["ok"] == 3'
grep -q 'rows.json: all 30 rows were used up' out.txt || fail "the end is not explained"

# ---- what fails is named ----
cat >failing.yaml <<YAML
service: http://127.0.0.1:$port
workload:
  scenarios:
    - name: a
      steps: [{get: /a, name: saves, save: {token: json:/token}}, {get: "/never/{token}"}]
    - name: b
      steps: [{get: /b, name: checks, expect: {json: {/ok: true}}}, {get: /never}]
    - name: c
      steps: [{get: /slow, name: slow, expect: {within: 50ms}}, {get: /never}]
    - name: d
      steps: [{get: /d}]
profiles: {p: {users: 4, duration: 1500ms, warmup: 0s}}
thresholds: {limits: {error_rate: {fail: 1%}}}
YAML
run 1 run --config failing.yaml
holds 'ends["saves"]["failures"]["save"] > 0 and ends["checks"]["failures"]["check"] > 0'
holds 'ends["slow"]["failures"]["check"] > 0 and ends["GET /never"]["requests"] == 0'
holds '"saves: json:/token is not in the answer, so {token} has no value" in notes'
holds '"checks: json /ok is not true, for example false" in notes and "slow: took longer than 50 ms" in notes'

# ---- the setup of the run: one login for all users; one that fails ends it ----
cat >run.yaml <<YAML
service: http://127.0.0.1:$port
workload:
  setup: [{post: /login, json: {user: eve, password: "PASSWORD"}, save: {token: json:/token, sid: cookie:sid}}]
  teardown: [{post: /logout, headers: {Authorization: "Bearer {token}", Cookie: "sid={sid}"}}]
  scenarios:
    - headers: {Authorization: "Bearer {token}", Cookie: "sid={sid}"}
      steps: [{post: /api/cart, json: {item: 1}}]
profiles: {p: {users: 4, duration: 1s, warmup: 0s}}
YAML
sed 's/PASSWORD/eve-secret/' run.yaml >good.yaml
run 0 run --config good.yaml
holds 'setup["POST /login"]["requests"] == 1 and setup["POST /logout"]["ok"] == 1 and r["totals"]["ok"] > 20'
sed 's/PASSWORD/wrong/' run.yaml >bad.yaml
run 4 run --config bad.yaml
grep -q 'workload.setup: error\[E-311\]: 1 x setup step POST /login: status 400' err.txt || fail "E-311"
close_shop second
holds 'c["wrong"] == ["password"] and c["logins"] == 5 and c["logouts"] == 4' second.json

# ---- mistakes send nothing ----
sed 's/{token}/{tokn}/; s/users.csv/broken.csv/' journey.yaml >typo.yaml
run 2 run --config typo.yaml
grep -q "typo.yaml:11:22: error\[E-132\]: unknown variable '{tokn}'; did you mean 'token'?" err.txt || fail "did-you-mean"
grep -q "broken.csv: line 3: a quote inside a value without quotes" err.txt || fail "broken.csv"
echo "journeys: every request was as the service wants it ($first_port, $second_port)"
