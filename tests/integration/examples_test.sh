#!/usr/bin/env bash
# The examples do what their READMEs say (with shorter bursts).
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/calmly.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/schemas"
ln -s "$burstgate" "$folder/bin/burstgate"
export PATH="$folder/bin:$PATH"
cp -r examples/1-first-gate "$folder/example"
cd "$folder/example"
burstgate validate
burstgate run --dry-run --profile steady | grep -q 'open model: 200/s'
flags=(--duration 1500ms --warmup 300ms --baseline base.json)
sed 's/serve, --port/serve, --slowdown, "2", --port/' burstgate.yaml >slower.yaml
# Recordings that were disturbed spread so far that nothing can be told from them: then they are made anew.
record_and_gate_slower() {
  rm -f base.json
  # A disturbed run may break an absolute limit (1); it is recorded all the same.
  for _ in 1 2 3 4 5; do calmly burstgate record --quiet "${flags[@]}" || [ $? = 1 ] || return 2; done
  burstgate gate --config slower.yaml "${flags[@]}" --junit junit.xml --markdown summary.md
}
code=0
calmly record_and_gate_slower >gate.txt 2>&1 || code=$?
[ "$code" = 1 ] || { echo "a service twice as slow: exit $code"; tail -60 gate.txt; exit 1; }
[ -s junit.xml ] && [ -s summary.md ]

# Example 2: validated here; paired_test.sh plays the comparison itself.
cd "$OLDPWD"
cd examples/2-pull-request-ab
BASE=burstgate HEAD=burstgate burstgate validate
