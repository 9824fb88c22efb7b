#!/bin/sh
# A throw-away PostgreSQL cluster from the installed binaries, for tests only: it trusts everybody who
# reaches its socket and does not care about a loss of power.
#
#   postgres.sh start [DIR]   start one in DIR and print its address
#   postgres.sh stop [DIR]    stop it and remove DIR
#   postgres.sh restart DIR   as if it had crashed: everybody is disconnected, and it recovers
#   postgres.sh run           start one in a folder of its own, print its address, and stop it when
#                             standard input ends (when whoever asked is gone, however it went)
#
# Exit status 3: PostgreSQL is not installed here.
set -eu

find_binaries() {
    for folder in $(ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null |
        sort -rV) $(command -v pg_ctl | xargs -r dirname); do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
            echo "$folder"
            return
        fi
    done
    echo "PostgreSQL is not installed here (no initdb in /usr/lib/postgresql/*/bin)" >&2
    exit 3
}

# PostgreSQL refuses to run as root: then it runs as another user.
as_user() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    elif id postgres >/dev/null 2>&1; then
        setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups "$@"
    else
        setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"
    fi
}

start() {
    binaries=$(find_binaries)
    mkdir -p "$1"
    set -- "$(cd "$1" && pwd)"
    chmod 700 "$1"
    if [ "$(id -u)" = 0 ]; then
        if id postgres >/dev/null 2>&1; then chown postgres "$1"; else chown nobody "$1"; fi
    fi
    cd "$1"
    as_user "$binaries/initdb" --pgdata="$1/cluster" --username=badgeons --auth=trust --encoding=UTF8 \
        --locale=C --no-sync >"$1.log" 2>&1 || { cat "$1.log" >&2; exit 1; }
    as_user "$binaries/pg_ctl" --pgdata="$1/cluster" --log="$1/log" --wait --silent start --options="\
        -c listen_addresses='' -c unix_socket_directories='$1' -c max_connections=300 \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >"$1.log" 2>&1 </dev/null ||
        { cat "$1.log" "$1/log" >&2; exit 1; }
    rm -f "$1.log"
    echo "postgres://badgeons@$(echo "$1" | sed 's|/|%2F|g')/postgres"
}

stop() {
    if [ -f "$1/cluster/PG_VERSION" ]; then
        set -- "$(cd "$1" && pwd)"
        cd "$1"
        as_user "$(find_binaries)/pg_ctl" --pgdata="$1/cluster" --mode=immediate --silent stop >/dev/null 2>&1 || true
        cd /
        rm -rf "$1"
    fi
}

restart() {
    set -- "$(cd "$1" && pwd)"
    cd "$1"
    as_user "$(find_binaries)/pg_ctl" --pgdata="$1/cluster" --log="$1/log" --mode=immediate --wait --silent \
        restart >/dev/null 2>&1 </dev/null
}

# One folder for each checkout, short enough for the path of a socket (107 bytes).
checkout=$(cd "$(dirname "$0")" && pwd)
default="/tmp/badgeons-postgres-$(echo "$checkout" | cksum | cut -d' ' -f1)"

case "${1:-}" in
start)
    stop "${2:-$default}"
    start "${2:-$default}"
    ;;
stop)
    stop "${2:-$default}"
    ;;
restart)
    restart "$2"
    ;;
run)
    folder=$(mktemp -d /tmp/badgeons-postgres-XXXXXX)
    trap 'stop "$folder"; rm -rf "$folder"' EXIT
    trap : HUP INT TERM
    start "$folder"
    exec 1>&-
    while read -r _; do :; done
    ;;
*)
    sed -n '2,11p' "$0" >&2
    exit 2
    ;;
esac
