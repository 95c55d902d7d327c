#!/usr/bin/env bash
# The HTML report of real runs, looked at in a browser on a phone and on a desktop, light, dark and without its style
# sheet: nothing overflows, no labels overlap, every contrast suffices. SCREENSHOTS=folder keeps the pictures.
set -euo pipefail
burstgate=$(realpath "$1")
command -v chromium >/dev/null || { echo "skipped: chromium is not installed"; exit 77; }
look=$(realpath tests/support/html_layout.py)
python=/usr/bin/python3
source tests/support/calmly.sh
source tests/support/serve.sh

# The checker itself finds what it is there for.
cat >broken.html <<'HTML'
<!DOCTYPE html><html><head><style>p { color: #999; background: #aaa; width: 2000px }</style></head><body><p>faint and wide</p>
<svg viewBox="0 0 100 50" width="100" height="50"><text x="0" y="20">one</text><text x="5" y="22">two</text></svg></body></html>
HTML
if "$python" "$look" broken.html >broken.txt; then fail "a broken page is praised"; fi
for complaint in "scrolls sideways" "contrast" "labels overlap"; do
  grep -q "$complaint" broken.txt || { cat broken.txt; fail "no word of '$complaint'"; }
done

# Several endpoints with long and odd names, failures, a baseline of two runs.
cat >burstgate.yaml <<'YAML'
workload:
  scenarios:
    - name: odd
      steps:
        - {get: /a, name: chat}
        - {get: /b, name: "a name that goes on and on, <b>with</b> markup | and-a-word-without-any-place-to-break-it-at-all-whatever-one-does"}
        - {get: /c, name: "语言 ünïcode"}
profiles: {short: {users: 4, duration: 1s, warmup: 200ms}}
YAML
endpoints=(--endpoint "path=/a time=lognormal(3ms,0.4)" --endpoint "path=/b time=2ms")
start_service "${endpoints[@]}" --endpoint "path=/c time=1ms"
for _ in 1 2; do calmly "$burstgate" record "$url" --config burstgate.yaml --profile short --baseline base.json --quiet || fail "record"; done
calmly "$burstgate" run "$url" --config burstgate.yaml --profile short --html measured.html --quiet >measured.txt || fail "run"
stop_service
start_service "${endpoints[@]}" --endpoint "path=/c time=1ms errors=40%" --slowdown 3
code=0
calmly "$burstgate" gate "$url" --config burstgate.yaml --profile short --baseline base.json --html failed.html --quiet >failed.txt || code=$?
stop_service
[ "$code" = 1 ] || { cat failed.txt; fail "a service three times slower: exit $code"; }

for report in measured failed; do
  xmllint --noout "$report.html" || fail "$report.html is not well formed"
done
grep -q 'Errors by class' failed.html || fail "failures are not listed"
[ "$(grep -o '<figcaption>' failed.html | wc -l)" = 5 ] || fail "not all charts are drawn"
"$python" "$look" ${SCREENSHOTS:+--screenshots "$SCREENSHOTS"} measured.html failed.html
