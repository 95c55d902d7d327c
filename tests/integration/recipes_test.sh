#!/usr/bin/env bash
# The recipes of ci/: every file parses and keeps the rules of docs/ci.md; the script lines of GitLab, Jenkins, Azure and
# Buildkite, the make fragment and the hook are run on a sample repository with the built-in service.
set -euo pipefail
burstgate=$(realpath "$1")
/usr/bin/python3 -c 'import yaml' 2>/dev/null || { echo "skipped: python3-yaml is not installed"; exit 77; }
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GIT_CONFIG_GLOBAL=$folder/gitconfig GIT_CONFIG_SYSTEM=/dev/null

/usr/bin/python3 -B tests/support/recipes.py check
BURSTGATE_LINT_FOLDER=${BURSTGATE_LINT_FOLDER:-$root/build/lint} ci/lint-workflows.sh --offline

# --- A sample repository: `make build` makes the service that burstgate.yaml starts. 20 ms of waiting against a limit of
# 30 ms: neither noise nor a busy machine comes between 20 and 30, or 32 and 30.
sample=$folder/sample
mkdir -p "$folder/bin" "$sample" "$folder/tmp"
export TMPDIR=$folder/tmp PATH=$folder/bin:$PATH
cat >"$sample/burstgate.yaml" <<'YAML'
operation: sample
service: {command: [./server, --port, "{port}"], url: "http://127.0.0.1:{port}", ready: /_ready}
profiles: {quick: {users: 4, duration: 600ms, warmup: 100ms}}
thresholds: {limits: {latency_p50: {fail: 30ms}}}
YAML
cat >"$sample/Makefile" <<'MAKE'
include ci/make/burstgate.mk
build:
	printf '#!/bin/sh\nexec burstgate serve --slowdown %s --endpoint "path=/ time=20ms" "$$@"\n' $(SLOWDOWN) >server
	chmod +x server
MAKE
mkdir "$sample/ci"
cp -r ci/make ci/hooks "$sample/ci/"

ln -s "$burstgate" "$folder/bin/burstgate"
# Buildkite's agent writes down what it is asked; "artifact download FILE ." makes the file.
printf '#!/bin/sh\necho "$@" >>"%s/agent.txt"\n[ "$1" = annotate ] || touch "$3"\n' "$folder" >"$folder/bin/buildkite-agent"
chmod +x "$folder/bin/"*

fail() { echo "FAILED: $1"; shift; tail -n 40 "$@"; exit 1; }

# $1: name, $2: shell of that CI, $3: expected exit code, $4: slowdown; runs the recipe's lines in a fresh folder.
recipe() {
  local name=$1 shell=$2 expected=$3 slowdown=$4 code
  for _ in 1 2 3; do # "cannot tell" is a right answer on a disturbed machine, but not what this is about
    rm -rf "$folder/run"
    cp -r "$sample" "$folder/run"
    mkdir "$folder/run/temp"
    code=0
    (cd "$folder/run" && SLOWDOWN=$slowdown PIPELINE_WORKSPACE=$PWD/temp AGENT_TEMPDIRECTORY=$PWD/temp \
      BURSTGATE_PROFILE=quick $shell "$folder/$name.sh") >"$folder/$name.txt" 2>&1 || code=$?
    [ "$code" = 3 ] || break
  done
  [ "$code" = "$expected" ] || fail "$name: exit $code, expected $expected" "$folder/$name.txt" "$folder/$name.sh"
  cp -r "$folder/run" "$folder/$name.run"
  /usr/bin/python3 -B tests/support/recipes.py artifacts "$name" "$folder/$name.run"
}

for name in gitlab jenkins azure buildkite; do
  /usr/bin/python3 -B tests/support/recipes.py script "$name" >"$folder/$name.sh"
done
printf 'make build\n' | cat - "$folder/gitlab.sh" >"$folder/build" && mv "$folder/build" "$folder/gitlab.sh"
recipe gitlab "bash -eo pipefail" 1 1.6
recipe jenkins "sh -xe" 1 1.6
recipe buildkite "bash -e" 0 1
[ "$(grep -c . "$folder/agent.txt")" = 2 ] || fail "buildkite: the report is not shown" "$folder/agent.txt"
TF_BUILD=True recipe azure "bash --noprofile --norc" 0 1
[ "$(grep -c '^##vso\[task.uploadsummary\]/.*/burstgate-report/summary.md$' "$folder/azure.txt")" = 1 ] ||
  fail "azure: no summary" "$folder/azure.txt"
! grep -q 'git clone' "$folder/gitlab.txt" "$folder/azure.txt" || fail "built, though it is there" "$folder/gitlab.txt"

# --- make
cd "$sample"
make build SLOWDOWN=1 >/dev/null
make perf PROFILE=quick >"$folder/make.txt" 2>&1 || fail "make perf" "$folder/make.txt"
[ -s burstgate-report/junit.xml ] || fail "make perf: no report" "$folder/make.txt"
if make perf PROFILE=none >"$folder/make.txt" 2>&1; then fail "make perf PROFILE=none passes" "$folder/make.txt"; fi
grep -q "'none'\|none" "$folder/make.txt" || fail "make perf PROFILE=none: not said" "$folder/make.txt"
sed 's/^service/baseline: {file: perf.json}\n&/' burstgate.yaml >stored.yaml
make perf-record PROFILE=quick PERF_CONFIG=stored.yaml RUNS=2 >"$folder/make.txt" 2>&1 ||
  fail "make perf-record" "$folder/make.txt"
[ "$(grep -c '"schema": "burstgate/1"' perf.json)" = 2 ] || fail "make perf-record: not two runs" "$folder/make.txt"
rm -rf burstgate-report stored.yaml perf.json

# --- the hook, by real pushes
git config --file "$GIT_CONFIG_GLOBAL" user.name sample
git config --file "$GIT_CONFIG_GLOBAL" user.email sample@example.org
git init -q --bare -b main "$folder/remote.git"
git init -q -b main .
git remote add origin "$folder/remote.git"
ln -s ../../ci/hooks/pre-push .git/hooks/pre-push
printf 'server\nperformance/\n' >.gitignore
export BURSTGATE_PROFILE=quick BURSTGATE_DURATION=600ms BURSTGATE_WARMUP=100ms

# $1: lets (the push) go or stops, $2: what is said, rest: words before and after "git push"
push() {
  local expected=$1 said=$2 before code=0
  shift 2
  before=$(git ls-remote -q origin | sha256sum)
  git add -A && git commit -q --allow-empty -m "next: $said"
  env "$@" git push -q ${flags:-} origin main >"$folder/push.txt" 2>&1 || code=$?
  case "$expected:$code" in goes:0 | stops:1) ;; *) fail "push ($said): exit $code" "$folder/push.txt" ;; esac
  case "$expected" in
    goes) [ "$(git ls-remote -q origin | sha256sum)" != "$before" ] || fail "push ($said) did not go" "$folder/push.txt" ;;
    stops) [ "$(git ls-remote -q origin | sha256sum)" = "$before" ] || fail "push ($said) went" "$folder/push.txt" ;;
  esac
  [ -z "$said" ] || grep -q -- "$said" "$folder/push.txt" || fail "push: '$said' is not said" "$folder/push.txt"
}

push goes "burstgate: no worse than the limits" A=1
[ -z "$(ls -A "$TMPDIR")" ] && [ ! -e performance ] || fail "the hook leaves files behind" "$folder/push.txt"
make build SLOWDOWN=1.6 >/dev/null
push stops "git push --no-verify" A=1
flags=--no-verify push goes "" A=1
push goes "not measured: SKIP says so" SKIP=other,burstgate
push goes "not measured: there is no none.yaml" BURSTGATE_HOOK_CONFIG=none.yaml
push goes "not measured: burstgate is not installed" PATH=/usr/bin:/bin
git push -q origin main:other --no-verify
git push origin --delete other >"$folder/push.txt" 2>&1
grep -q "not measured: nothing new is pushed" "$folder/push.txt" || fail "deleting a branch" "$folder/push.txt"
rm server
push goes "not measured: ./server is not built" A=1
printf 'service: {url: "http://127.0.0.1:9/"}\nprofiles: {quick: {users: 1, duration: 1s}}\n' >url.yaml
push goes "nothing listens at http://127.0.0.1:9" BURSTGATE_HOOK_CONFIG=url.yaml
printf 'service: {url: "http://[::1]/"}\nprofiles: {quick: {users: 1, duration: 1s}}\n' >url.yaml
push goes "nothing listens at http://\[::1\]" BURSTGATE_HOOK_CONFIG=url.yaml
printf 'servise: {}\n' >wrong.yaml
push stops "unknown key" BURSTGATE_HOOK_CONFIG=wrong.yaml
make build SLOWDOWN=1 >/dev/null
sed 's/^service/baseline: {file: none.json}\n&/' burstgate.yaml >stored.yaml
push goes "cannot tell on this machine" BURSTGATE_HOOK_CONFIG=stored.yaml
echo "recipes: all as they should be"
