#!/bin/bash
# The schemas agree with the golden result files, and refuse what the reader refuses where a schema can say it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

if ! python3 -c 'import jsonschema' 2>/dev/null; then
  echo "SKIPPED: needs the package python3-jsonschema"
  exit 77
fi

python3 -W ignore - "$root" <<'PYTHON'
import copy, json, pathlib, sys
import jsonschema

root = pathlib.Path(sys.argv[1])

def load(path):
    return json.loads((root / path).read_text())

result_schema, baseline_schema = load("schemas/result.schema.json"), load("schemas/baseline.schema.json")
for schema in (result_schema, baseline_schema):
    jsonschema.Draft7Validator.check_schema(schema)
store = {schema["$id"]: schema for schema in (result_schema, baseline_schema)}

def validator_of(schema):
    return jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver(schema["$id"], schema, store=store))

result, baseline = validator_of(result_schema), validator_of(baseline_schema)
failures = 0

def expect(name, validator, document, valid):
    global failures
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(document)]
    if bool(errors) == valid:
        failures += 1
        print(f"FAILED: {name}: expected {'valid' if valid else 'invalid'}", *errors, sep="\n  ")

golden = {path.stem: json.loads(path.read_text()) for path in sorted((root / "tests/golden/result").glob("*.json"))}
assert len(golden) >= 3, golden.keys()
for name, document in golden.items():
    expect(name, result, document, True)
    expect(name + " as a baseline", baseline,
           {"schema": "burstgate-baseline/1", "runs": [document], "complete": True}, True)
    # Every key that the writer writes at the top is described, and required unless older versions did not write it.
    for key in document:
        if key not in ("reference", "paired"):
            expect(f"{name} without {key}", result, {k: v for k, v in document.items() if k != key}, False)
        assert key in result_schema["properties"], key

full = golden["full"]
def changed(path, value, document=full):
    document = copy.deepcopy(document)
    *way, last = path
    at = document
    for step in way:
        at = at[step]
    at[last] = value
    return document

for path, value in [
    (["schema"], "burstgate/2"), (["started_at"], "yesterday"), (["percentile_def"], "linear"), (["duration_s"], -1),
    (["totals", "requests"], "214"), (["totals", "requests"], 1.5), (["totals", "error_rate"], 6.5),
    (["totals", "latency_ms", "p95"], None), (["totals", "failures", "other"], 1), (["totals", "statuses", "2xx"], 1),
    (["totals", "histograms", "ok", "hdr"], "AAAA"), (["endpoints", 0, "name"], ""), (["notes"], [1]),
    (["slices", 0, "samples"], -1), (["workload", "fields"], {}), (["environment", "cores"], None),
    (["reference"], None), (["reference", "latency_p50_ms"], 0), (["reference", "slices"], 0),
]:
    expect(f"{path} = {value!r}", result, changed(path, value), False)

for path, value in [
    (["budget_s"], 0), (["users"], 1.5), (["endpoint_names", 0], ""), (["slice_columns", 0], "start"), (["baseline"], {}),
    (["baseline", "schema"], "burstgate/2"), (["rounds", 0, "phase"], "warm-up"), (["rounds", 0, "lost_cpu"], 1.1),
    (["rounds", 0, "candidate", "total"], [0, 0.1, 1, 0]), (["rounds", 0, "candidate", "total", 1], 0),
    (["rounds", 0, "candidate", "total", 4], 0), (["rounds", 0, "candidate", "total", 8], "1"),
    (["rounds", 0, "baseline", "cpu_s"], -1), (["rounds", 0, "baseline"], None),
]:
    expect(f"paired: {path} = {value!r}", result, changed(["paired"] + path, value, golden["paired"]), False)

for name, document in [
    ("no runs", {"schema": "burstgate-baseline/1", "runs": [], "complete": True}),
    ("incomplete", {"schema": "burstgate-baseline/1", "runs": [full]}),
    ("complete: false", {"schema": "burstgate-baseline/1", "runs": [full], "complete": False}),
    ("newer", {"schema": "burstgate-baseline/2", "runs": [full], "complete": True}),
    ("broken run", {"schema": "burstgate-baseline/1", "runs": [changed(["partial"], 0)], "complete": True}),
]:
    expect(name, baseline, document, False)

sys.exit(1 if failures else 0)
PYTHON
echo "schemas agree with the golden files"
