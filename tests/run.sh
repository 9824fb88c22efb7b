#!/usr/bin/env bash
# All the tests, from a machine with Rust: on SQLite, on PostgreSQL, against other implementations, the
# server against its own document, and the pages in a browser.
#
#   tests/run.sh                    says loudly what it could not run
#   REQUIRE_POSTGRES=1 REQUIRE_INTEROP=1 REQUIRE_BROWSER=1 tests/run.sh
#                                   fails if it could not run it (as CI does)
#
# TEST_POSTGRES_URL names a server to use; without it a throw-away cluster is started from the installed
# binaries. As root, what is missing is installed with apt-get; otherwise it is named.
set -uo pipefail
cd "$(dirname "$0")/.."

summary=()
failed=0
updated=0

say() { printf '\n== %s\n' "$*"; }

note() { summary+=("$1"); }

fail() {
    summary+=("FAILED   $1")
    failed=1
}

# A part that could not be run: a failure where it is required.
skip() {
    local required=$1
    shift
    if [ "$required" = 1 ]; then fail "$* (required)"; else note "NOT RUN  $*"; fi
}

# Installs Debian packages, if this is a machine where that can be done.
install() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing: $*. Install it with your system's package manager (Debian: apt-get install $*)." >&2
        return 1
    fi
    say "Installing $* with apt-get"
    if [ "$updated" = 0 ]; then
        apt-get update -q || return 1
        updated=1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

has() { command -v "$1" >/dev/null; }

has_postgres() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

has_venv() { python3 -c 'import venv, ensurepip' 2>/dev/null; }

# The OpenSSL that josekit brings along is built with these.
prepare_compiler() {
    if ! has cc || ! has make; then install build-essential || return 1; fi
    perl -MIPC::Cmd -MFindBin -e 1 2>/dev/null || install perl
}

postgres=tests/harness/postgres.sh

prepare_postgres() {
    [ -n "${TEST_POSTGRES_URL:-}" ] && return
    has_postgres || install postgresql || return 1
    trap '"$postgres" stop' EXIT
    trap 'exit 130' INT TERM
    TEST_POSTGRES_URL=$("$postgres" start) && export TEST_POSTGRES_URL
}

prepare_interop() {
    has node && has npm || install nodejs npm
    has_venv || install python3 python3-venv
}

# What draws the pages, checks their HTML, reads certificates back, and lets a badge be old.
prepare_browser() {
    has node && has npm || install nodejs npm
    has chromium || install chromium
    has java || install default-jre-headless
    has faketime || install faketime
    has pdftotext && has zbarimg || install poppler-utils zbar-tools
}

# The README's transcript is run as it stands, with curl.
prepare_transcript() { has curl || install curl; }

has cargo || { echo "Rust is not installed; see https://rustup.rs" >&2; exit 1; }
prepare_compiler && prepare_transcript || exit 1
prepare_browser || true

# Certificates are read back in the tests already, where that can be done.
[ "${REQUIRE_BROWSER:-0}" = 1 ] && export REQUIRE_POPPLER=1

if prepare_postgres; then
    databases="SQLite and PostgreSQL"
else
    unset TEST_POSTGRES_URL
    databases="SQLite"
    skip "${REQUIRE_POSTGRES:-0}" "the tests on PostgreSQL: no server could be started"
fi

say "Tests on $databases"
if cargo test --locked --no-fail-fast; then
    note "passed   the tests on $databases"
else
    fail "the tests on $databases"
fi

say "Nodes that are killed, on $databases (4 minutes)"
if cargo test --locked --test tests nodes:: -- --ignored; then
    note "passed   nodes that are killed, on $databases"
else
    fail "nodes that are killed, on $databases"
fi

say "Batches that are interrupted, on $databases (4 minutes)"
if cargo test --locked --test tests faults:: -- --ignored --test-threads=1; then
    note "passed   batches that are interrupted, on $databases"
else
    fail "batches that are interrupted, on $databases"
fi

say "Cross-checks with other implementations"
prepare_interop
tests/interop/run.sh
case $? in
0) note "passed   the cross-checks with other implementations" ;;
77) skip "${REQUIRE_INTEROP:-0}" "a part of the cross-checks with other implementations: see above" ;;
*) fail "the cross-checks with other implementations" ;;
esac

say "The server against its OpenAPI document"
tests/contract/run.sh
case $? in
0) note "passed   the server against its OpenAPI document" ;;
77) skip "${REQUIRE_INTEROP:-0}" "the server against its OpenAPI document: see above" ;;
*) fail "the server against its OpenAPI document" ;;
esac

say "The pages in a browser"
tests/browser/run.sh
case $? in
0) note "passed   the pages in a browser" ;;
77) skip "${REQUIRE_BROWSER:-0}" "a part of the pages in a browser: see above" ;;
*) fail "the pages in a browser" ;;
esac

say "Summary"
printf '%s\n' "${summary[@]}"
exit "$failed"
