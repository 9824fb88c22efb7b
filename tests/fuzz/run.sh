#!/bin/sh
# Fuzzes each target for a while: tests/fuzz/run.sh [SECONDS [TARGET...]]. What it finds: README.md.
set -eu
cd "$(dirname "$0")/../.."
fuzz=tests/fuzz
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- $(cargo fuzz list --fuzz-dir $fuzz)

# The versions that the project itself is built with.
[ -e $fuzz/Cargo.lock ] || cp Cargo.lock $fuzz/

seeds() {
    case $1 in
        canonical | did | json | presented) find tests/vectors -name '*.json' ;;
        nquads) find tests/vectors -name '*.nq' ;;
        svg) find src/recognition/images -name '*.svg' ;;
        csv) find tests src -name '*.csv' -not -path '*/fuzz/*' ;;
    esac
    case $1 in
        presented) find $fuzz/seeds/jwt $fuzz/seeds/png $fuzz/seeds/svg -type f ;;
        *) if [ -d "$fuzz/seeds/$1" ]; then find "$fuzz/seeds/$1" -type f; fi ;;
    esac
}

failed=''
for target; do
    corpus=$fuzz/corpus/$target
    mkdir -p "$corpus"
    seeds "$target" | while read -r file; do
        cp "$file" "$corpus/seed-$(echo "$file" | tr / -)"
    done
    cargo fuzz run -O -s none --fuzz-dir $fuzz "$target" -- \
        -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 ||
        failed="$failed $target"
done
[ -z "$failed" ] || { echo "Found something:$failed. Inputs: $fuzz/artifacts" >&2; exit 1; }
