#!/usr/bin/env bash
# The pages in a real browser: what people do with them, who can read them, what they weigh.
#
#   tests/browser/run.sh                    everything; BADGEONS=path/to/badgeons (default target/debug/badgeons)
#   tests/browser/run.sh NAME …             only these: journeys, accessible, light, sound, hostile, headers, certificate
#   tests/browser/run.sh screenshots DIR    a picture of each page and state, in each language and theme
#   tests/browser/run.sh figures FILE       what each page weighs, as rows of a Markdown table
#
# Exit status: 0 all as it should be, 1 not, 77 a part could not be run (1 with REQUIRE_BROWSER=1).
set -euo pipefail

absolute() { realpath -m "$1"; }
case "${1:-}" in
screenshots | figures)
    [ $# = 2 ] || { echo "Say where to: tests/browser/run.sh $1 PLACE" >&2; exit 2; }
    place=$(absolute "$2")
    ;;
esac
[ -z "${BADGEONS:-}" ] || BADGEONS=$(absolute "$BADGEONS")
cd "$(dirname "$0")"
BADGEONS=$(absolute "${BADGEONS:-${CARGO_TARGET_DIR:-../../target}/debug/badgeons}")
export BADGEONS
[ -x "$BADGEONS" ] || { echo "There is no $BADGEONS; build it first: cargo build" >&2; exit 1; }
missing=0

cannot() {
    echo "NOT RUN: $*" >&2
    missing=1
}

ended() {
    [ "$missing" = 0 ] && exit 0
    [ "${REQUIRE_BROWSER:-}" = 1 ] && exit 1
    exit 77
}

has() { command -v "$1" >/dev/null; }

# What the lock file pins is installed once, and again when it changes.
is_current() { [ -e node_modules/.installed ] && [ ! package-lock.json -nt node_modules/.installed ]; }

if ! has node || ! has npm || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    cannot "the pages in a browser: node 20 or later and npm are not installed"
    ended
fi
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}
export CHROMIUM
if [ -z "$CHROMIUM" ]; then
    cannot "the pages in a browser: chromium is not installed"
    ended
fi
if ! has faketime; then
    cannot "the pages in a browser: faketime, which makes badges that ended, is not installed"
    ended
fi
if ! is_current; then
    echo "Installing the pinned npm packages into tests/browser/node_modules"
    npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.installed || {
        cannot "the pages in a browser: npm could not install its packages"
        ended
    }
fi

case "${1:-}" in
screenshots) exec node screenshots.mjs "$place" ;;
figures) exec node figures.mjs "$place" ;;
esac

names=("$@")
[ $# -gt 0 ] || names=(accessible journeys light hostile sound headers certificate)
suites=()
for name in "${names[@]}"; do
    if [ ! -e "$name.test.mjs" ]; then
        echo "There is no $name here" >&2
        exit 2
    elif [ "$name" = sound ] && ! has java; then
        cannot "the HTML's validity: java is not installed"
    elif [ "$name" = certificate ] && ! { has pdftotext && has pdftoppm && has zbarimg; }; then
        cannot "the certificates: poppler-utils and zbar-tools are not installed"
    else
        suites+=("$name.test.mjs")
    fi
done
# Each file has an installation and a browser of its own, so that two at a time disturb nobody.
[ "${#suites[@]}" = 0 ] || node --test --test-reporter=spec --test-concurrency=2 "${suites[@]}" || exit 1
ended
