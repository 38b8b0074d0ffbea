# Sourced by services.sh: the same servers out of containers, where a container engine runs. Each is a container of this tree alone, with a
# port on the loopback address, made at the first start; stopped and started again it has what it had. Needs what services.sh defines.

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# choose_image NAME OFFICIAL: that of eng/images.sh where it was made, else the official one.
choose_image() { if has_image "local/ffb-$1"; then echo "local/ffb-$1"; else echo "$2"; fi; }

rabbitmq_image=${FFB_RABBITMQ_IMAGE:-$(choose_image rabbitmq rabbitmq:3.13-management)}
postgres_image=${FFB_POSTGRES_IMAGE:-$(choose_image postgres postgres:16)}
azurite_image=${FFB_AZURITE_IMAGE:-$(choose_image azurite mcr.microsoft.com/azure-storage/azurite:3.35.0)}

container() { echo "ffb-$(echo "$root" | sha256sum | cut -c1-12)-$1"; }

get_image() { has_image "$1" || docker pull -q "$1" >>"$root/docker.log" 2>&1; }

# containers_wanted: FFB_SERVICES decides; without it an engine that answers and has all three images. Nothing is fetched unasked.
containers_wanted() {
    case ${FFB_SERVICES:-} in
        native) return 1 ;;
        containers)
            docker info >/dev/null 2>&1 || fail "FFB_SERVICES asks for containers, and no container engine answers (docker info)."
            local image
            for image in "$rabbitmq_image" "$postgres_image" "$azurite_image"; do
                get_image "$image" || fail "The image $image is neither here nor can it be fetched ($root/docker.log); eng/images.sh makes some."
            done
            ;;
        '') docker info >/dev/null 2>&1 && has_image "$rabbitmq_image" && has_image "$postgres_image" && has_image "$azurite_image" ;;
        *) fail "FFB_SERVICES is native or containers, not $FFB_SERVICES." ;;
    esac
}

alive() { [ "$(docker inspect -f '{{.State.Running}}' "$(container "$1")" 2>/dev/null)" = true ]; }

# run_container NAME DOCKER-ARGUMENTS...
run_container() {
    local name=$1
    shift
    if docker container inspect "$(container "$name")" >/dev/null 2>&1; then
        docker start "$(container "$name")" >/dev/null
    else
        docker run -d --name "$(container "$name")" --label ffb-services="$root" "$@" >/dev/null
    fi || fail "$name did not start; docker logs $(container "$name") says why."
}

# ready NAME PROBE...
ready() {
    local name=$1 tries=600
    shift
    until "$@"; do
        alive "$name" && [ $((tries -= 1)) -gt 0 ] || fail "$name did not start; docker logs $(container "$name") says why."
        sleep 0.1
    done
}

rabbitmq_up() {
    local conf=$root/rabbitmq-container.conf
    (umask 022 && cat >"$conf") <<EOF
loopback_users = none
default_user = ffb
default_pass = $rabbitmq_password
consumer_timeout = 7200000
collect_statistics_interval = 1000
log.console = true
EOF
    # A name of its own for the node: what it stores is filed under it.
    run_container rabbitmq -p "127.0.0.1:$amqp:5672" -p "127.0.0.1:$management:15672" --hostname ffb-broker \
        -v "$conf:/etc/rabbitmq/conf.d/90-ffb.conf:ro" "$rabbitmq_image"
    ready rabbitmq rabbitmq_answers
}

postgres_up() {
    run_container postgres --stop-signal SIGINT -p "127.0.0.1:$postgres:5432" -e POSTGRES_USER=ffb -e "POSTGRES_PASSWORD=$postgres_password" -e POSTGRES_DB=ffb \
        "$postgres_image" -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off
    ready postgres postgres_serves
}

# While it makes its folder it listens on no port; through the port of the engine's proxy only an answer counts.
postgres_serves() { docker exec "$(container postgres)" pg_isready -q -h 127.0.0.1 -U ffb; }

azurite_up() {
    run_container azurite -p "127.0.0.1:$azurite:10000" -e "AZURITE_ACCOUNTS=ffb:$azurite_key" \
        "$azurite_image" azurite-blob --blobHost 0.0.0.0 --blobPort 10000 --disableTelemetry --silent
    ready azurite azurite_serves
}

# In a process of its own: where the engine's proxy hangs up, because nobody listens behind it yet, writing ends the process that writes.
azurite_serves() {
    local answer
    answer=$(
        { exec 8<>"/dev/tcp/127.0.0.1/$azurite"; } 2>/dev/null || exit 1
        printf 'GET / HTTP/1.0\r\n\r\n' >&8
        head -c 4 <&8 2>/dev/null
    ) && [ "$answer" = HTTP ]
}

rabbitmq_down() { stop_container rabbitmq; }
postgres_down() { stop_container postgres; }
azurite_down() { stop_container azurite; }

stop_container() { ! alive "$1" || docker stop -t 30 "$(container "$1")" >/dev/null; }
