#!/usr/bin/env bash
# The action's main step: runs burstgate, writes the outputs, then fails or not. Every input comes from the environment
# and is only ever a word of an argument list; nothing of it is printed.
set -euo pipefail
# shellcheck source=ci/github/outputs.sh
source "$(dirname "${BASH_SOURCE[0]}")/outputs.sh"

# Report flags and their files, besides the result JSON. A given binary may be older and not know all of them.
reports=(junit:junit.xml markdown:summary.md html:report.html comment:comment.md csv:result.csv)
result=result.json
log=console.txt

verdict_of() { # of an exit code
  case "$1" in
    0) echo pass ;;
    1) echo regression ;;
    2) echo config-error ;;
    3) echo inconclusive ;;
    4) echo service-failed ;;
    5) echo report-failed ;;
    130 | 143) echo interrupted ;;
    *) echo internal-error ;;
  esac
}

# Exit codes 0 and 5 do not tell a pass from a warning; the result does.
refined_verdict() {
  local outcome=
  case "$1" in
    0 | 5) outcome=$(sed -n '/^  "verdict": {/,$ s/^    "outcome": "\([a-z]*\)".*/\1/p' "$reports_in/$result" \
      2>/dev/null) || true ;;
  esac
  case "$outcome" in
    pass | warn | inconclusive) echo "$outcome" ;;
    *) verdict_of "$1" ;;
  esac
}

failed_checks() {
  local count
  count=$(grep -o -m1 'failures="[0-9]*"' "$reports_in/junit.xml" 2>/dev/null | head -n1) || true
  echo "${count//[!0-9]/}"
}

# The verdict line of the Markdown report without its markup; of a run that came to none, the first error.
summary_text() {
  local text LC_ALL=C.UTF-8
  text=$(grep -v -m1 -e '^<!--' -e '^[[:space:]]*$' "$reports_in/summary.md" 2>/dev/null |
    sed 's/[*#]//g; s/\\\([[:punct:]]\)/\1/g; s/&#8203;//g; s/&#58;/:/g; s/&#124;/|/g; s/&#46;/./g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g; s/^ *//') || true
  [ -n "$text" ] || text=$(grep -m1 'error\[' "$reports_in/$log" 2>/dev/null) || true
  text=${text//[[:cntrl:]]/ }
  printf '%s' "${text:0:500}"
}

path_of() { [ ! -s "$reports_in/$1" ] || printf '%s' "$reports_in/$1"; }

# Outputs first, then the exit code. `fail-on: never` forgives a verdict, not a run that came to none.
finish() {
  local code=$1 verdict
  verdict=$(refined_verdict "$code")
  put verdict "$verdict"
  put exit-code "$code"
  put regressions "$(failed_checks)"
  put summary-text "$(summary_text)"
  put report-json "$(path_of "$result")"
  put report-junit "$(path_of junit.xml)"
  put report-html "$(path_of report.html)"
  put report-markdown "$(path_of summary.md)"
  put report-comment "$(path_of comment.md)"
  if [ ! -s "$reports_in/summary.md" ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    echo "**burstgate: $verdict** (exit code $code). The step's log says why." >>"$GITHUB_STEP_SUMMARY"
  fi
  case "$INPUT_FAIL_ON:$code" in never:[0135]) exit 0 ;; esac
  exit "$code"
}

refuse() {
  say_error "$1"
  finish 2
}

# Words of a text, as a YAML list; without quoting, expansion or a shell.
yaml_list() {
  local words=() list=() word
  read -r -d '' -a words <<<"$1" || true
  for word in "${words[@]}"; do
    word=${word//\\/\\\\}
    word=${word//\"/\\\"}
    list+=("\"${word//\$/\$\$}\"")
  done
  local IFS=,
  printf '[%s]' "${list[*]}"
}

# Without a YAML file of the repository, the two commands are the whole plan.
write_paired_config() {
  cat >"$1" <<YAML
operation: pull-request
service: {command: $(yaml_list "$INPUT_HEAD_COMMAND"), url: "http://127.0.0.1:{port}"}
baseline: {command: $(yaml_list "$INPUT_BASE_COMMAND")}
YAML
}

check_inputs() {
  case "$INPUT_MODE" in gate | record) ;; *) refuse "the input 'mode' must be gate or record" ;; esac
  case "$INPUT_RUNS" in [1-9] | 1[0-9] | 20) ;; *) refuse "the input 'runs' must be 1 to 20" ;; esac
  [ "$INPUT_MODE" = record ] || [ "$INPUT_RUNS" = 1 ] || refuse "the input 'runs' is for mode: record"
  [ "${INPUT_BASE_COMMAND:+x}" = "${INPUT_HEAD_COMMAND:+x}" ] || refuse "'base-command' and 'head-command' go together"
  local words="$INPUT_BASE_COMMAND$INPUT_HEAD_COMMAND"
  case "${words//[$'\t\n']/}" in
    *[[:cntrl:]]*) refuse "a control character in 'base-command' or 'head-command'" ;;
  esac
}

gather_command() {
  local help entry words=()
  command=("$BURSTGATE" "$INPUT_MODE" "--output=$reports_in/$result")
  help=$("$BURSTGATE" "$INPUT_MODE" --help)
  for entry in "${reports[@]}"; do
    case "$help" in *"--${entry%%:*} "*) command+=("--${entry%%:*}=$reports_in/${entry#*:}") ;; esac
  done
  [ -z "$INPUT_CONFIG" ] || command+=("--config=$INPUT_CONFIG")
  [ -z "$INPUT_PROFILE" ] || command+=("--profile=$INPUT_PROFILE")
  [ -z "$INPUT_THRESHOLDS" ] || command+=("--thresholds=$INPUT_THRESHOLDS")
  [ -z "$INPUT_BASELINE" ] || command+=("--baseline=$INPUT_BASELINE")
  [ -z "$INPUT_BUDGET" ] || command+=("--budget=$INPUT_BUDGET")
  read -r -d '' -a words <<<"$INPUT_ARGS" || true
  command+=("${words[@]}")
  [ -z "$INPUT_URL" ] || command+=("$INPUT_URL")
}

# BASE and HEAD are what a YAML file for two builds refers to (examples/2-pull-request-ab).
run_once() {
  env ${INPUT_BASE_COMMAND:+"BASE=$INPUT_BASE_COMMAND" "HEAD=$INPUT_HEAD_COMMAND"} "${command[@]}" 2>&1 | tee -a "$reports_in/$log"
  return "${PIPESTATUS[0]}"
}

case "$INPUT_FAIL_ON" in regression | never) ;; *) say_error "the input 'fail-on' must be regression or never"; exit 2 ;; esac
reports_in=/nonexistent
cd -- "$INPUT_WORKING_DIRECTORY" 2>/dev/null || refuse "the input 'working-directory' is no folder"
reports_in=$(realpath -m -- "$INPUT_REPORT_DIR")
mkdir -p -- "$reports_in" 2>/dev/null || refuse "the input 'report-dir' cannot be made"
for entry in "${reports[@]}" "x:$result" "x:$log"; do rm -f -- "$reports_in/${entry#*:}"; done
check_inputs
if [ -n "$INPUT_BASE_COMMAND" ] && [ -z "$INPUT_CONFIG" ] && [ ! -e burstgate.yaml ]; then
  INPUT_CONFIG=$RUNNER_TEMP/burstgate-paired.yaml
  write_paired_config "$INPUT_CONFIG"
fi
gather_command
code=0
for ((run = 1; run <= INPUT_RUNS; ++run)); do
  run_once && code=0 || code=$?
  case "$INPUT_MODE:$code" in record:[01]) ;; *) break ;; esac # a broken limit is recorded all the same
done
# "--help" among the flags, for example: never green without a measurement.
[ "$code" != 0 ] || [ -s "$reports_in/$result" ] || refuse "burstgate ended without a result: nothing was measured"
finish "$code"
