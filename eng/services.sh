#!/usr/bin/env bash
# Usage: eng/services.sh up|down|status [rabbitmq|postgres|azurite]... [--root DIR]
#   up      starts RabbitMQ, PostgreSQL and Azurite (or those named) for tests and demos, and prints how to reach them
#   down    stops them; what they hold stays in DIR
#   status  says which run; the exit code is 0 if all of them do
# They are private to this tree: own ports on the loopback address, own passwords, own folders below DIR (artifacts/services).
# The machine's own servers are never touched. How to reach them is written to DIR/services.env.
# FFB_SERVICES_PORT: the first of six ports in a row; by default the first six free ones from 25500 on.
# FFB_SERVICES: native (the distribution's packages) or containers; by default containers where an engine answers and has their images.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
artifacts=$(dirname "$eng")/artifacts
. "$eng/install.sh"

action= root=$artifacts/services wanted=()
while [ $# -gt 0 ]; do
    case $1 in
        up | down | status) action=$1 ;;
        rabbitmq | postgres | azurite) wanted+=("$1") ;;
        --root) root=${2:?--root needs a folder} && shift ;;
        *) fail "eng/services.sh does not know $1; it takes up, down or status, rabbitmq, postgres, azurite and --root DIR." ;;
    esac
    shift
done
[ -n "$action" ] || fail "usage: eng/services.sh up|down|status [rabbitmq|postgres|azurite]... [--root DIR]"
[ ${#wanted[@]} -gt 0 ] || wanted=(rabbitmq postgres azurite)

umask 077
mkdir -p "$artifacts"
(umask 022 && mkdir -p "$root") || fail "The folder $root cannot be made; name another one with --root."
root=$(cd "$root" && pwd)
env=$root/services.env
exec 9>"$root/lock"
flock 9

# --- what is shared -------------------------------------------------------------------------------------------------

# as USER COMMAND...: servers that refuse to run as root run as the user of their package.
as() {
    local user=$1
    shift
    if [ "$user" != - ] && [ "$(id -u)" = 0 ]; then
        setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
    else
        "$@"
    fi
}

# start NAME USER COMMAND...: in the background, in a session of its own; its pid is in DIR/NAME.pid, its words in DIR/NAME.log.
start() {
    local name=$1 user=$2
    shift 2
    (
        exec >"$root/$name.log" 2>&1 </dev/null 9>&-
        cd "$(data "$name")"
        if [ "$user" != - ] && [ "$(id -u)" = 0 ]; then
            exec setsid setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
        fi
        exec setsid "$@"
    ) &
    echo $! >"$root/$name.pid"
}

alive() { [ -s "$root/$1.pid" ] && kill -0 "$(cat "$root/$1.pid")" 2>/dev/null; }

listens() { (: >"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# until_ready NAME PROBE...: waits for a started server; says where to look if it does not come.
until_ready() {
    local name=$1 tries=600
    shift
    until "$@"; do
        alive "$name" && [ $((tries -= 1)) -gt 0 ] || fail "$name did not start; $root/$name.log says why."
        sleep 0.1
    done
}

# stop NAME SIGNAL: by pid alone, and waits until it is gone.
stop() {
    local pid tries=300
    alive "$1" || { rm -f "$root/$1.pid"; return 0; }
    pid=$(cat "$root/$1.pid")
    kill "-$2" "$pid"
    while kill -0 "$pid" 2>/dev/null; do
        [ $((tries -= 1)) -gt 0 ] || { say "$1 does not stop, killing it"; kill -KILL "$pid" 2>/dev/null || true; tries=300; }
        sleep 0.1
    done
    rm -f "$root/$1.pid"
}

# Where a server keeps its files: below DIR, or, if DIR is where its user may not go (a home folder), in the system's place for that.
data() {
    local place=$root/$1 owner=
    case $1 in postgres) owner=postgres ;; rabbitmq) owner=rabbitmq ;; esac
    if [ "$(id -u)" = 0 ] && [ -n "$owner" ]; then
        as "$owner" test -x "$root" || place=/var/tmp/ffb-$(echo "$root" | sha256sum | cut -c1-12)-$1
        mkdir -p "$place" && chown "$owner:$owner" "$place"
    else
        mkdir -p "$place"
    fi
    echo "$place"
}

secret() { head -c "${1:-24}" /dev/urandom | base64 -w0 | tr '+/' '-_'; }

# --- ports and passwords, chosen once -------------------------------------------------------------------------------

choose() {
    local base=${FFB_SERVICES_PORT:-} port
    if [ -z "$base" ]; then
        for ((base = 25500; base < 32000; base += 10)); do
            for ((port = base; port < base + 6; port++)); do
                ! listens $port || continue 2
            done
            break
        done
    fi
    cat >"$root/chosen" <<EOF
base=$base
rabbitmq_password=$(secret)
postgres_password=$(secret)
azurite_key=$(head -c 48 /dev/urandom | base64 -w0)
cookie=$(secret)
EOF
}

[ -s "$root/chosen" ] && { [ -z "${FFB_SERVICES_PORT:-}" ] || grep -qx "base=$FFB_SERVICES_PORT" "$root/chosen"; } || choose
. "$root/chosen"
amqp=$base management=$((base + 1)) distribution=$((base + 2)) names=$((base + 3)) postgres=$((base + 4)) azurite=$((base + 5))

# Whoever starts a test at this moment must see the whole file.
write_env() {
    cat >"$env.new" <<EOF
FFB_RABBITMQ='amqp://ffb:$rabbitmq_password@127.0.0.1:$amqp/'
FFB_RABBITMQ_MANAGEMENT='http://127.0.0.1:$management'
FFB_POSTGRES='Host=127.0.0.1;Port=$postgres;Username=ffb;Password=$postgres_password;Database=ffb'
FFB_BLOBS='DefaultEndpointsProtocol=http;AccountName=ffb;AccountKey=$azurite_key;BlobEndpoint=http://127.0.0.1:$azurite/ffb;'
FFB_BLOB_ORIGIN='http://127.0.0.1:$azurite'
EOF
    mv "$env.new" "$env"
}

# A server's package must not start the machine's own server; a policy that is there already decides for itself.
install_server() {
    local policy=/usr/sbin/policy-rc.d
    if [ "$(id -u)" = 0 ] && [ ! -e $policy ]; then
        (umask 022 && printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy)
        trap "rm -f $policy" EXIT
    fi
    install "$@"
}

# --- RabbitMQ -------------------------------------------------------------------------------------------------------

rabbitmq_home=/usr/lib/rabbitmq

# In a process of its own: where a proxy before it hangs up, writing ends the process that writes.
rabbitmq_answers() {
    local answer
    answer=$(
        { exec 8<>"/dev/tcp/127.0.0.1/$amqp"; } 2>/dev/null || exit 1
        printf 'AMQP\0\0\011\001' >&8
        head -c 1 <&8 2>/dev/null | od -An -tu1
    ) && [ "${answer// /}" = 1 ]
}

# The package's own wrapper insists on the machine's folders, so the server is called directly, and the name service (epmd) is ours.
rabbitmq_up() {
    [ -x $rabbitmq_home/bin/rabbitmq-server ] || install_server rabbitmqctl rabbitmq-server "RabbitMQ is needed"
    local dir
    dir=$(data rabbitmq)
    [ -s "$dir/.erlang.cookie" ] || (printf %s "$cookie" >"$dir/.erlang.cookie" && chmod 400 "$dir/.erlang.cookie")
    echo '[rabbitmq_management].' >"$dir/enabled_plugins"
    # Acknowledgements may take as long as the slowest chunk; older brokers know this limit for the whole node alone.
    cat >"$dir/rabbitmq.conf" <<EOF
listeners.tcp.1 = 127.0.0.1:$amqp
management.tcp.ip = 127.0.0.1
management.tcp.port = $management
default_user = ffb
default_pass = $rabbitmq_password
consumer_timeout = 7200000
collect_statistics_interval = 1000
log.console = true
log.file = false
EOF
    [ "$(id -u)" != 0 ] || chown -R rabbitmq:rabbitmq "$dir"
    alive epmd || start epmd - epmd -address 127.0.0.1 -port $names
    # RUNNING_UNDER_SYSTEMD: no shell stands between the pid and the server.
    start rabbitmq rabbitmq env -i PATH="$PATH" LANG=C.UTF-8 HOME="$dir" RUNNING_UNDER_SYSTEMD=1 \
        RABBITMQ_NODENAME="ffb-$amqp@localhost" RABBITMQ_DIST_PORT=$distribution ERL_EPMD_PORT=$names ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_MNESIA_BASE="$dir/mnesia" RABBITMQ_LOG_BASE="$dir/log" RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_CONFIG_FILE="$dir/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$dir/enabled_plugins" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
        $rabbitmq_home/bin/rabbitmq-server
    until_ready rabbitmq rabbitmq_answers
}

rabbitmq_down() {
    stop rabbitmq TERM
    stop epmd TERM
}

# --- PostgreSQL -----------------------------------------------------------------------------------------------------

postgres_bin() {
    local found=(/usr/lib/postgresql/*/bin/postgres)
    [ -x "${found[-1]}" ] && dirname "$(printf '%s\n' "${found[@]}" | sort -V | tail -n 1)"
}

postgres_ready() { as postgres "$(postgres_bin)/pg_isready" -q -h 127.0.0.1 -p $postgres; }

postgres_up() {
    postgres_bin >/dev/null || install_server pg_lsclusters postgresql "PostgreSQL is needed"
    local bin dir
    bin=$(postgres_bin) dir=$(data postgres)
    cd "$dir"
    if [ ! -s "$dir/data/PG_VERSION" ]; then
        as postgres tee "$dir/password" <<<"$postgres_password" >/dev/null
        as postgres "$bin/initdb" -D "$dir/data" -U ffb -A scram-sha-256 --pwfile="$dir/password" --no-instructions \
            --no-sync -E UTF8 --locale=C.UTF-8 >"$root/postgres.log" 2>&1 \
            || fail "The folder of PostgreSQL could not be made; $root/postgres.log says why."
    fi
    # What is in it is of no lasting value, so nothing waits for the disk.
    start postgres postgres "$bin/postgres" -D "$dir/data" -p $postgres -k "$dir" -c listen_addresses=127.0.0.1 \
        -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off
    until_ready postgres postgres_ready
    PGPASSWORD=$postgres_password as postgres "$bin/psql" -qAt -h 127.0.0.1 -p $postgres -U ffb -d postgres \
        -c "SELECT 1 FROM pg_database WHERE datname = 'ffb'" | grep -q 1 \
        || PGPASSWORD=$postgres_password as postgres "$bin/createdb" -h 127.0.0.1 -p $postgres -U ffb ffb
}

# Fast shutdown: open connections are cut.
postgres_down() { stop postgres INT; }

# --- Azurite (Azure Blob Storage) -----------------------------------------------------------------------------------

# Installed once per version of the lock file into the cache; no script of a package runs.
azurite_home() {
    local home
    home=${FFB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ffb}/azurite-$(sha256sum "$eng/azurite/package-lock.json" | cut -c1-12)
    if [ ! -d "$home" ]; then
        need npm npm
        say "fetching Azurite"
        mkdir -p "$(dirname "$home")"
        local fresh=$home.$$
        mkdir -p "$fresh"
        cp "$eng/azurite/package.json" "$eng/azurite/package-lock.json" "$fresh/"
        (cd "$fresh" && npm ci --ignore-scripts --omit=dev --no-audit --no-fund >"$root/npm.log" 2>&1 9>&-) \
            || { rm -rf "$fresh"; fail "Azurite could not be fetched; check the network ($root/npm.log says more)."; }
        mv -T "$fresh" "$home" 2>/dev/null || rm -rf "$fresh"
    fi
    echo "$home"
}

azurite_up() {
    need node nodejs
    local home dir
    home=$(azurite_home)
    dir=$(data azurite)
    start azurite - env AZURITE_ACCOUNTS="ffb:$azurite_key" node "$home/node_modules/azurite/dist/src/blob/main.js" \
        --blobHost 127.0.0.1 --blobPort $azurite --location "$dir" --disableTelemetry --silent
    until_ready azurite listens $azurite
}

azurite_down() { stop azurite TERM; }

# --- the same in containers -----------------------------------------------------------------------------------------

# What was started in one way is stopped in the same.
uses_containers() { . "$eng/containers.sh"; }
case $(cat "$root/kind" 2>/dev/null) in
    containers) uses_containers ;;
    native) ;;
    *)
        if (uses_containers && containers_wanted); then
            uses_containers
            echo containers >"$root/kind"
        else
            [ "${FFB_SERVICES:-}" != containers ] || exit 1
            echo native >"$root/kind"
        fi
        ;;
esac

# --- what was asked for ---------------------------------------------------------------------------------------------

case $action in
    up)
        write_env
        for name in "${wanted[@]}"; do
            alive "$name" || { say "starting $name"; "${name}_up"; }
        done
        cat "$env"
        ;;
    down)
        for name in "${wanted[@]}"; do
            "${name}_down"
        done
        # The next start may choose the other way.
        alive rabbitmq || alive postgres || alive azurite || rm -f "$root/kind"
        ;;
    status)
        code=0
        for name in "${wanted[@]}"; do
            if alive "$name"; then echo "$name runs"; else echo "$name does not run" && code=1; fi
        done
        exit $code
        ;;
esac
