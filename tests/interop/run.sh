#!/usr/bin/env bash
# Badgeons against independent implementations, both ways: they verify what `badgeons demo` issues, and
# `badgeons verify` judges what they issue and what a forger makes of it.
#
#   tests/interop/run.sh            BADGEONS=path/to/badgeons (default target/debug/badgeons)
#
# Exit status: 0 all as it should be, 1 not, 77 a part could not be run (1 with REQUIRE_INTEROP=1).
set -euo pipefail
cd "$(dirname "$0")"

badgeons=$(realpath -m "${BADGEONS:-${CARGO_TARGET_DIR:-../../target}/debug/badgeons}")
[ -x "$badgeons" ] || { echo "There is no $badgeons; build it first: cargo build" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
verifiers=()
wrong=0
missing=0

cannot() {
    echo "NOT RUN: $*" >&2
    missing=1
}

# What the lock files pin is installed once, and again when they change.
is_current() { [ -e "$2" ] && [ ! "$1" -nt "$2" ]; }

prepare_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        cannot "the Node half of the comparison: node and npm are not installed"
    elif [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 18 ]; then
        cannot "the Node half of the comparison: node $(node --version) is older than 18"
    elif is_current package-lock.json node_modules/.installed || {
        echo "Installing the pinned npm packages into tests/interop/node_modules"
        npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.installed
    }; then
        verifiers+=("node verify.mjs")
        node make.mjs "$work/theirs"
    else
        cannot "the Node half of the comparison: npm could not install its packages"
    fi
}

prepare_python() {
    if ! python3 -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)' 2>/dev/null; then
        cannot "the Python half of the comparison: python3 (3.10 or later) with venv is not installed"
    elif is_current requirements.txt .venv/.installed || {
        echo "Installing the pinned PyPI packages into tests/interop/.venv"
        python3 -m venv --clear .venv &&
            .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes \
                --only-binary :all: --requirement requirements.txt &&
            touch .venv/.installed
    }; then
        verifiers+=(".venv/bin/python verify.py")
        .venv/bin/python make.py "$work/theirs"
    else
        cannot "the Python half of the comparison: pip could not install its packages"
    fi
}

# Each of them judges a folder; `bad` folders hold what must be refused.
theirs_judge() {
    for verifier in "${verifiers[@]}"; do
        $verifier "$1" || wrong=1
    done
}

# The comparison is worth something only if it meets each format, and what others stumble on.
ours_is_worth_judging() {
    local kind
    for kind in json jwt png svg; do
        [ -n "$(find "$work/ours" -name "*.$kind" -print -quit)" ] || lacks "a .$kind file"
    done
    grep -rqE --include='*.json' '"hashed": ?true' "$work/ours" || lacks "a hashed recipient"
    grep -rqE --include='*.json' '"creditsEarned": ?[0-9]+\.[0-9]*[1-9]' "$work/ours" ||
        lacks "a fractional creditsEarned"
}

# The founding badges give no credits, so a partner's badge that does is issued beside them.
issue_credits() {
    cat >"$work/atelier.json" <<'JSON'
{"name": "Atelier d’initiation", "description": "A suivi l’atelier.", "achievementType": "Badge",
 "creditsAvailable": 4.5, "criteria": {"narrative": "Avoir suivi l’atelier en entier."}}
JSON
    "$badgeons" achievements import "$work/atelier.json" --slug atelier --level R2 \
        --image ../../src/recognition/images/participant-fresque.svg "${places[@]}" >>"$work/demo" 2>&1 &&
        "$badgeons" issue --achievement atelier --name "Añaïg Le Modèle" --email anaig@example.org \
            --credits 1.5 --out "$work/ours" --format json --format jwt --format png --format svg \
            "${places[@]}" >>"$work/demo" 2>&1 || {
        cat "$work/demo" >&2
        wrong=1
    }
}

lacks() {
    echo "WRONG  what badgeons demo writes lacks $1" >&2
    wrong=1
}

# Exit status 0 is valid, 3 is invalid; 4 (could not tell) is right for neither.
ours_judge() {
    local file expected status counted=0 off=0
    while read -r file; do
        case "$file" in */bad/*) expected=3 ;; *) expected=0 ;; esac
        status=0
        "$badgeons" verify "$file" --json "${places[@]}" >"$work/report" 2>"$work/errors" || status=$?
        counted=$((counted + 1))
        if [ "$status" != "$expected" ]; then
            off=$((off + 1))
            echo "WRONG  ${file#"$work/theirs/"}: badgeons verify exits $status, not $expected" >&2
            cat "$work/report" "$work/errors" >&2
        fi
    done < <(find "$work/theirs" -type f | sort)
    echo "badgeons: $((counted - off)) of theirs as they should be, $off wrong"
    [ "$off" = 0 ] && [ "$counted" -gt 0 ] || wrong=1
}

prepare_node
prepare_python
if [ "${#verifiers[@]}" -gt 0 ]; then
    places=(--data-dir "$work/data" --keys-dir "$work/keys")
    echo "Among themselves:"
    theirs_judge "$work/theirs"
    echo "What badgeons issues:"
    "$badgeons" demo --out "$work/ours" --no-serve "${places[@]}" >"$work/demo" 2>&1 || {
        cat "$work/demo" >&2
        echo "WRONG  badgeons demo failed" >&2
        exit 1
    }
    issue_credits
    ours_is_worth_judging
    theirs_judge "$work/ours"
    echo "What they issue:"
    ours_judge
fi

if [ "$wrong" != 0 ]; then
    exit 1
elif [ "$missing" != 0 ]; then
    [ "${REQUIRE_INTEROP:-}" = 1 ] && exit 1
    exit 77
fi
