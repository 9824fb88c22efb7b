#!/usr/bin/env bash
# How many requests a second a server answers, with the load generator (wrk) on the same machine: a
# throw-away installation on SQLite, durable, without rate limit. Figures, no judgement.
#
#   tests/bench/load.sh             BADGEONS=path/to/badgeons (default target/release/badgeons)
#   SECONDS_EACH=10 CLIENTS=16 DATABASE_URL=postgres://… tests/bench/load.sh
set -euo pipefail
cd "$(dirname "$0")"

badgeons=$(realpath -m "${BADGEONS:-${CARGO_TARGET_DIR:-../../target}/release/badgeons}")
[ -x "$badgeons" ] || { echo "There is no $badgeons; build it first: cargo build --release" >&2; exit 1; }
command -v wrk >/dev/null || { echo "Missing: wrk (Debian: apt-get install wrk)" >&2; exit 1; }
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

places=(--data-dir "$work/data" --keys-dir "$work/keys" --public-url https://badges.example.org)
[ -z "${DATABASE_URL:-}" ] || places+=(--database-url "$DATABASE_URL")
"$badgeons" init --issuer "Collectif Exemple" "${places[@]}" >/dev/null 2>&1
"$badgeons" issue --achievement animateur-fresque --name "Añaïg Le Coz" --email anaig@example.org \
    --out "$work/badges" "${places[@]}" >/dev/null 2>&1
TOKEN=$("$badgeons" tokens create --name load --scope credentials:issue "${places[@]}" 2>/dev/null |
    grep -o 'bdg_[A-Za-z0-9]*_[A-Za-z0-9]*' | head -n 1)
BADGE=$(echo "$work"/badges/animateur-fresque/*.json)
export TOKEN BADGE

port=${PORT:-18080}
address=http://127.0.0.1:$port
begun=$(date +%s%N)
"$badgeons" serve --listen "127.0.0.1:$port" --rate-limit 0 "${places[@]}" 2>"$work/log" &
server=$!
until curl -sf "$address/readyz" >/dev/null; do
    kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.002
done
ready=$((($(date +%s%N) - begun) / 1000000))

id=$(grep -o 'credentials/[0-9a-f-]\{36\}' "$BADGE" | head -n 1)
list=$(grep -o 'status/[0-9a-f-]\{36\}' "$BADGE" | head -n 1)

memory() { awk "/$1/ {printf \"%.0f MB\", \$2 / 1024}" "/proc/$server/status"; }

printf '%s, %s clients, %s s each\n' "$(nproc) cores" "${CLIENTS:-16}" "${SECONDS_EACH:-10}"
printf 'ready after %s ms, %s\n' "$ready" "$(memory VmRSS)"

load() {
    local name=$1
    shift
    wrk --threads 1 --connections "${CLIENTS:-16}" --duration "${SECONDS_EACH:-10}" --latency "$@" >"$work/wrk"
    awk -v name="$name" -v memory="$(memory VmRSS)" '
        $1 == "50%" { median = $2 } $1 == "99%" { p99 = $2 }
        /Requests\/sec/ { rate = $2 } /Non-2xx/ { wrong = "  WRONG ANSWERS: " $NF }
        /Socket errors/ { wrong = wrong "  " $0 }
        END { printf "%-28s %8.0f/s  median %8s  p99 %8s  %s%s\n", name, rate, median, p99, memory, wrong }
    ' "$work/wrk"
}

load "GET /credentials/ID.json" "$address/$id.json"
load "GET /status/ID" "$address/$list"
load "POST /api/v1/verifications" --script load/verify.lua "$address/api/v1/verifications"
load "POST /api/v1/credentials" --script load/issue.lua "$address/api/v1/credentials"
printf 'at its highest %s\n' "$(memory VmHWM)"
if command -v node >/dev/null; then
    printf 'GET /credentials/ID, a page  '
    node pages.mjs "$address/$id"
fi
