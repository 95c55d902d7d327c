#!/usr/bin/env bash
# What the program says about itself is one table: the man page in man/ is the program's, the shells complete what the
# help lists, and an installation puts everything in its place.
set -euo pipefail
burstgate=$(realpath "$1")
build=$(dirname "$burstgate")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$burstgate" help --man >"$folder/burstgate.1"
diff -u man/burstgate.1 "$folder/burstgate.1" || { echo "man/burstgate.1 is old: burstgate help --man >man/burstgate.1"; exit 1; }
if command -v mandoc >/dev/null; then mandoc -T lint -W error "$folder/burstgate.1"; fi
if command -v man >/dev/null; then
  MANWIDTH=80 man -l "$folder/burstgate.1" >"$folder/man.txt" 2>"$folder/warnings.txt"
  [ ! -s "$folder/warnings.txt" ] || { cat "$folder/warnings.txt"; exit 1; }
  grep -q -- '--on-inconclusive fail|warn|pass' "$folder/man.txt"
fi

# The help of a command is the same from both sides.
[ "$("$burstgate" help gate)" = "$("$burstgate" gate --help)" ]
[ "$("$burstgate" help)" = "$("$burstgate" --help)" ]
code=0
"$burstgate" help gat 2>"$folder/err.txt" || code=$?
[ "$code" = 2 ]
grep -q "unknown command 'gat'; did you mean 'gate'?" "$folder/err.txt"

# bash: the script is sourced and asked as the shell would.
for shell in bash zsh fish; do "$burstgate" completions "$shell" >"$folder/$shell"; done
complete_with_bash() { # the words of the command line
  bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _burstgate; echo "${COMPREPLY[*]}"' "$folder/bash" "$@"
}
expect() { # $1: expected, rest: words
  local expected=$1 got
  shift
  got=$(complete_with_bash "$@")
  [ "$got" = "$expected" ] || { echo "completing '$*': '$got', expected '$expected'"; exit 1; }
}
expect 'validate' burstgate va
expect '--users' burstgate gate --us
expect 'auto always never' burstgate gate --color ''
expect 'warn' burstgate gate --on-inconclusive w
expect '' burstgate gate --users ''
expect 'bash zsh fish' burstgate completions ''
expect 'selftest serve' burstgate help se
touch "$folder/a result.json"
expect "$folder/a result.json" burstgate compare "$folder/a "
expect "$folder/a result.json" burstgate gate --baseline "$folder/a "
# Every flag of every command is offered.
"$burstgate" --help | sed -n '/^Commands:/,/^$/p' | awk 'NR > 1 && NF {print $1}' >"$folder/commands"
[ "$(wc -l <"$folder/commands")" -ge 13 ]
while read -r command; do
  "$burstgate" "$command" --help | grep -o '^  --[a-z0-9-]*' | tr -d ' ' | sort >"$folder/flags"
  complete_with_bash burstgate "$command" -- | tr ' ' '\n' | sort | diff "$folder/flags" - || { echo "$command"; exit 1; }
done <"$folder/commands"

if command -v zsh >/dev/null; then
  zsh -n "$folder/zsh"
  # With a stand-in for the function that shows them, the candidates for "burstgate ".
  zsh -f -c 'compdef() {}; source "$0"; _describe() { print -l -- ${(P)2} }; words=(burstgate ""); CURRENT=2; _burstgate' \
    "$folder/zsh" | grep -q '^calibrate:'
  zsh -f -c 'compdef() {}; source "$0"; _arguments() { print -l -- "$@" }; words=(burstgate gate ""); CURRENT=3; _burstgate' \
    "$folder/zsh" | grep -qxF -- '--color[colour of the text on stdout]:auto|always|never:(auto always never)'
else
  echo "no zsh: its completions were not tried"
fi
if command -v fish >/dev/null; then
  fish --no-config -n "$folder/fish"
  HOME=$folder fish --no-config -c "source $folder/fish; complete -C 'burstgate completions '" | grep -q '^zsh'
  HOME=$folder fish --no-config -c "source $folder/fish; complete -C 'burstgate gate --us'" | grep -q '^--users'
else
  echo "no fish: its completions were not tried"
fi
code=0
"$burstgate" completions tcsh 2>"$folder/err.txt" || code=$?
[ "$code" = 2 ]
grep -q 'tcsh: error\[E-023\]: no shell that is known; expected one of: bash, zsh, fish' "$folder/err.txt"

cmake --install "$build" --prefix "$folder/usr" >"$folder/install.txt"
for file in bin/burstgate share/man/man1/burstgate.1 share/bash-completion/completions/burstgate \
  share/zsh/vendor-completions/_burstgate share/fish/vendor_completions.d/burstgate.fish \
  share/burstgate/schemas/burstgate.schema.json share/burstgate/thresholds/default.yaml; do
  [ -s "$folder/usr/$file" ] || { echo "not installed: $file"; cat "$folder/install.txt"; exit 1; }
done
for pair in bash:bash-completion/completions/burstgate zsh:zsh/vendor-completions/_burstgate \
  fish:fish/vendor_completions.d/burstgate.fish; do
  cmp "$folder/${pair%%:*}" "$folder/usr/share/${pair#*:}"
done
# What is installed names its own schemas.
mkdir "$folder/repository"
"$folder/usr/bin/burstgate" init "$folder/repository" >/dev/null
head -1 "$folder/repository/burstgate.yaml" |
  grep -qxF "# yaml-language-server: \$schema=$folder/usr/share/burstgate/schemas/burstgate.schema.json"
