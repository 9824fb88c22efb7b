#!/usr/bin/env bash
# The server held against its own OpenAPI document by schemathesis: thousands of requests made from it,
# good ones and bad ones, each answer as documented. On a throw-away installation, on this machine alone.
#
#   tests/contract/run.sh           BADGEONS=path/to/badgeons (default target/debug/badgeons)
#   SECONDS_EACH=300 tests/contract/run.sh --seed 7         longer, and as one likes
#
# Exit status: 0 all as documented, 1 not, 77 it could not be run (1 with REQUIRE_INTEROP=1).
set -euo pipefail
cd "$(dirname "$0")"

badgeons=$(realpath -m "${BADGEONS:-${CARGO_TARGET_DIR:-../../target}/debug/badgeons}")
[ -x "$badgeons" ] || { echo "There is no $badgeons; build it first: cargo build" >&2; exit 1; }
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

cannot() {
    echo "NOT RUN: the contract: $*" >&2
    [ "${REQUIRE_INTEROP:-}" = 1 ] && exit 1
    exit 77
}

# What the lock file pins is installed once, and again when it changes.
is_current() { [ -e "$2" ] && [ ! "$1" -nt "$2" ]; }

python3 -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)' 2>/dev/null ||
    cannot "python3 (3.11 or later) with venv is not installed"
is_current requirements.txt .venv/.installed || {
    echo "Installing the pinned PyPI packages into tests/contract/.venv"
    python3 -m venv --clear .venv &&
        .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes \
            --only-binary :all: --requirement requirements.txt &&
        touch .venv/.installed
} || cannot "pip could not install its packages"

places=(--data-dir "$work/data" --keys-dir "$work/keys" --public-url https://badges.example.org)

token() {
    "$badgeons" tokens create --name contract --json "${places[@]}" "$@" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])'
}

"$badgeons" init --issuer "Collectif Exemple" "${places[@]}" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }
partner=$(token --scope achievements:write --scope credentials:issue --scope credentials:revoke \
    --scope credentials:read --scope batches:write --scope issuer:admin)
operator=$(token --scope operator)

"$badgeons" serve --listen 127.0.0.1:0 --rate-limit 0 "${places[@]}" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    address=$(grep -om1 'http://127[.]0[.]0[.]1:[0-9]*' "$work/log" | head -n 1) &&
        [ -n "$address" ] && break
    kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
done
[ -n "${address:-}" ] || { cat "$work/log" >&2; exit 1; }

# schemathesis looks for its settings and keeps its examples where it stands.
here=$PWD
cd "$work"

hold() {
    local token=$1
    shift
    "$here/.venv/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$address/api/openapi.json" \
        --header "Authorization: Bearer $token" --no-color "$@"
}

wrong=0
hold "$partner" --max-time "${SECONDS_EACH:-45}" "$@" || wrong=1
# An operator alone makes issuers; with several of them, every other call has to name one.
hold "$operator" --include-operation-id issuers_create --max-time 10 "$@" || wrong=1
kill -0 "$server" || { echo "WRONG  the server died" >&2; wrong=1; }
if grep -E '"?level"?[": ]*ERROR| ERROR |panicked' "$work/log" >&2; then
    echo "WRONG  the server's log tells of errors, above" >&2
    wrong=1
fi
exit "$wrong"
