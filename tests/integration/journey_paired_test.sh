#!/usr/bin/env bash
# A journey in a paired comparison: both sides' users log in, keep what they got over the slices, and log out; neither
# side sees anything of the other's sessions. What ends while rounds are still needed is refused.
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/shops.sh

write_rows
open_shop first
first_port=$port
open_shop second
journey "$port" "per: user" >gate.yaml
cat >>gate.yaml <<YAML
baseline: {url: "http://127.0.0.1:$first_port", rate: 40/s, budget: 8s}
profiles: {p: {users: 3}}
thresholds: {regression: {error_rate: +5pp}}
YAML
code=0
"$burstgate" gate --config gate.yaml --output result.json >out.txt 2>err.txt || code=$?
case $code in 0 | 1 | 3) ;; *) fail "exit $code" ;; esac  # two Python services on a busy machine may well differ
close_shop first
close_shop second
python3 - <<'PYTHON' || fail "a side's counters"
import json, sys
for side in ("first", "second"):
    c = json.load(open(side + ".json"))
    print(side, {k: v if isinstance(v, int) else len(v) for k, v in c.items()})
    if c["wrong"] or c["logins"] != c["logouts"] or not 3 <= c["logins"] <= 256 or c["reads"] < 50:
        sys.exit(1)
PYTHON
python3 -c 'import json; r = json.load(open("result.json")); assert {e["name"] for e in r["setup"]} == {"login", "logout"}' ||
  fail "the setup is not in the result"

sed -i 's/per: user/order: unique/' gate.yaml
code=0
"$burstgate" gate --config gate.yaml --output result.json >out.txt 2>err.txt || code=$?
[ "$code" = 2 ] && grep -q 'users.csv ends, and a paired comparison takes as many rounds as it needs' err.txt || fail "ends"
echo "paired journeys: both sides as the services want it"
