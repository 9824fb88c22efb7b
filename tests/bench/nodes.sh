#!/usr/bin/env bash
# How much faster two nodes issue one batch than one node does, on one PostgreSQL. Each node may use a part of
# one core and no more (a cpu cgroup, so that root runs this): the rest of the machine is the database's. A
# machine where one node already keeps all cores busy shows nothing of what more machines would.
#
#   DATABASE_URL=postgres://… tests/bench/nodes.sh      an empty database; BADGEONS=path/to/badgeons
#   ROWS=20000 PERCENT=25 DATABASE_URL=postgres://… tests/bench/nodes.sh
set -euo pipefail
cd "$(dirname "$0")"

badgeons=$(realpath -m "${BADGEONS:-${CARGO_TARGET_DIR:-../../target}/release/badgeons}")
[ -x "$badgeons" ] || { echo "There is no $badgeons; build it first: cargo build --release" >&2; exit 1; }
groups=/sys/fs/cgroup/cpu
[ -w "$groups" ] || { echo "There is no $groups to hold a node by (cgroup v1, as root)" >&2; exit 1; }
rows=${ROWS:-20000} percent=${PERCENT:-25}
work=$(mktemp -d)
nodes=()
end() {
    for node in "${nodes[@]}"; do kill "$node" 2>/dev/null || true; done
    wait
    rmdir "$groups"/badgeons-* 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT

places=(--data-dir "$work/data" --keys-dir "$work/keys" --public-url https://badges.example.org
    --database-url "$DATABASE_URL")
"$badgeons" init --issuer "Collectif Exemple" "${places[@]}" >/dev/null 2>&1
token=$("$badgeons" tokens create --name nodes --scope credentials:issue --scope credentials:read --scope batches:write \
    "${places[@]}" 2>/dev/null | grep -o 'bdg_[A-Za-z0-9]*_[A-Za-z0-9]*' | head -n 1)

# Serves from one node more.
serve() {
    local number=${#nodes[@]}
    local group=$groups/badgeons-$number
    mkdir -p "$group"
    echo 100000 >"$group/cpu.cfs_period_us"
    echo $((percent * 1000)) >"$group/cpu.cfs_quota_us"
    (
        echo "$BASHPID" >"$group/cgroup.procs"
        exec "$badgeons" serve --listen "127.0.0.1:$((18090 + number))" --rate-limit 0 "${places[@]}" \
            2>"$work/log-$number"
    ) &
    nodes+=($!)
    until curl -sf "http://127.0.0.1:$((18090 + number))/readyz" >/dev/null; do
        kill -0 "${nodes[$number]}" 2>/dev/null || { cat "$work/log-$number" >&2; exit 1; }
        sleep 0.05
    done
}

# Issues a roster and prints how many rows a second that was, from when it was received.
issue() {
    local batches=http://127.0.0.1:18090/api/v1/batches
    awk -v rows="$rows" -v run="$1" 'BEGIN {
        print "Prénom;Nom;Courriel"
        for (row = 0; row < rows; row++) printf "Enora;Le Coz %d;enora%d-%s@example.org\n", row, row, run
    }' >"$work/roster.csv"
    local id begun state=running
    id=$(curl -sf -H "authorization: Bearer $token" -H 'content-type: text/csv' \
        --data-binary "@$work/roster.csv" "$batches?achievement=participant-fresque-climat" |
        grep -o '"id": *"[0-9a-f-]*"' | head -n 1 | grep -o '[0-9a-f-]\{36\}')
    begun=$(date +%s%N)
    while [ "$state" = running ]; do
        sleep 0.1
        state=$(curl -sf -H "authorization: Bearer $token" "$batches/$id" |
            grep -o '"state": *"[a-z]*"' | head -n 1 | grep -o '[a-z]*"$' | tr -d '"')
    done
    [ "$state" = done ] || { echo "the batch is $state" >&2; exit 1; }
    echo $((rows * 1000 / (($(date +%s%N) - begun) / 1000000)))
}

serve
issue warm >/dev/null
one=$(issue one)
serve
two=$(issue two)
printf '%s rows, each node held to %s %% of a core of %s\n' "$rows" "$percent" "$(nproc)"
printf 'one node %s/s, two nodes %s/s: %s times\n' "$one" "$two" \
    "$(awk -v one="$one" -v two="$two" 'BEGIN { printf "%.2f", two / one }')"
