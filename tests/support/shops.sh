# shellcheck shell=bash
# Sourced by tests that need a folder of their own and shops (shop.py) in it.
root=$PWD
folder=$(mktemp -d)
shops=()
clean_up() {
  [ "${#shops[@]}" = 0 ] || kill "${shops[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap clean_up EXIT
cd "$folder"
fail() { echo "FAILED: $*"; cat out.txt err.txt 2>/dev/null || true; exit 1; }

# $1: first or second. Afterwards `port` is where it listens.
open_shop() {
  mkfifo "$1.in"
  # Not with the other one's pipe, which would then never end.
  python3 "$root/tests/support/shop.py" <"$1.in" >"$1.out" 3>&- 4>&- &
  shops+=($!)
  if [ "$1" = first ]; then exec 3>"$1.in"; else exec 4>"$1.in"; fi
  for _ in $(seq 100); do [ -s "$1.out" ] && break; sleep 0.05; done
  port=$(head -1 "$1.out")
  [ -n "$port" ] || fail "the shop $1 did not open"
}
# Its counters stand in $1.json afterwards.
close_shop() {
  if [ "$1" = first ]; then exec 3>&-; else exec 4>&-; fi
  for _ in $(seq 100); do [ "$(wc -l <"$1.out")" = 2 ] && break; sleep 0.05; done
  sed -n 2p "$1.out" >"$1.json"
}

# A journey through the shop at port $1, whose users have rows of users.csv handed out as $2; rows.json ends as $3.
journey() {
  cat <<YAML
service: http://127.0.0.1:$1
workload:
  scenarios:
    - name: buyer
      feeders: [{file: users.csv, $2}, {file: rows.json, at_end: ${3:-wrap}}]
      setup:
        - post: /login
          name: login
          json: {user: "{user}", password: "{password}"}
          save: {token: json:/token}
      auth: {bearer: "{token}"}
      steps:
        - post: /api/cart
          name: cart
          json: {item: "{random:uuid}", count: "{random:int:1:9:json}"}
          expect: {status: 201, headers: {Content-Type: application/json}, within: 5s}
          save: {cart: json:/cart/id}
        - get: /api/cart/{cart}?row={row}
          name: read
          expect: {json: {/ok: true}}
      teardown:
        - post: /logout
          name: logout
YAML
}
write_rows() {
  printf 'user,password\nann,ann-secret\nbob,bob-secret\n"c ""d""","c ""d""-secret"\n' >users.csv
  python3 -c 'import json; json.dump([{"row": i} for i in range(30)], open("rows.json", "w"))'
}
