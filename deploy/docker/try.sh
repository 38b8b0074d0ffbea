#!/usr/bin/env bash
# Usage: deploy/docker/try.sh
#   One job through a fleet in containers: a coordinator and workers, read-only, without capabilities, of a user without rights, on the
#   three servers (in containers, unless FFB_SERVICES is native). While it runs, one worker is killed in a chunk, and another one stopped in
#   a chunk as a cluster stops it. A line for each thing that must hold; the last line is "N passed, N failed".
#   Takes the images of build.sh and eng/images.sh, and removes the containers that it made. FFB_TRY_PORT: the first of the four ports that
#   coordinator and workers listen at, on the loopback address (default 25590).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
artifacts=$root/artifacts
. "$root/eng/install.sh"
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
mark=ffb-try-$$
passed=0 failed=0
out=$artifacts/docker/try
port=${FFB_TRY_PORT:-25590}
# Seconds that a worker has for the chunk in its hands, and that the engine then waits for before it kills it.
export FFB_DRAIN=60
grace=75
export FFB_SERVICES=${FFB_SERVICES:-containers} FFB_SERVER='' FFB_API_KEY=''
had_services=$("$root/eng/services.sh" status >/dev/null 2>&1 && echo yes || true)

clean() {
    local names
    names=$(docker ps -aq --filter "label=$mark")
    [ -z "$names" ] || docker rm -f -v $names >/dev/null
    [ -n "$had_services" ] || "$root/eng/services.sh" down >/dev/null 2>&1 || true
}

# holds WHAT COMMAND...
holds() {
    local what=$1 began=$SECONDS said=passed
    shift
    if "$@" >>"$out/checks.log" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)) said=FAILED; fi
    echo "$said  $what ($((SECONDS - began)) s)"
}

confined=(--read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp -v /work)

# start NAME IMAGE VARIABLE...: with these variables of this process and no others. Asked for its health more often than the image says.
start() {
    local name=$1 image=$2 given=()
    shift 2
    for variable in "$@"; do given+=(-e "$variable"); done
    docker run -d --name "$mark-$name" --label "$mark" --network host "${confined[@]}" "${given[@]}" \
        --health-interval 2s --health-retries 2 "$image:$version" >/dev/null
}

start_worker() {
    FFB_WORKER_NAME=$mark-$1 FFB_SLOTS=1 FFB_WORKER_LISTEN=$(address "$1") \
        start "worker-$1" ffb-worker-cpu FFB_RABBITMQ FFB_BLOB_ORIGIN FFB_WORKER_NAME FFB_SLOTS FFB_WORKER_LISTEN FFB_DRAIN
}

address() { echo "127.0.0.1:$((port + $(printf %d "'$1") - 96))"; }

running() { [ "$(docker inspect -f '{{.State.Running}}' "$mark-$1")" = true ]; }

# becomes healthy|unhealthy NAME
becomes() {
    local tries=180
    until [ "$(docker inspect -f '{{.State.Health.Status}}' "$mark-$2")" = "$1" ]; do
        running "$2" && [ $((tries -= 1)) -gt 0 ] || { docker logs "$mark-$2" 2>&1 | tail -n 20; return 1; }
        sleep 1
    done
}

# A process that stands still answers nobody; once it goes on, it is asked again.
health_follows() {
    docker kill -s STOP "$mark-$1" && becomes unhealthy "$1" && docker kill -s CONT "$mark-$1" && becomes healthy "$1"
}

as_user() {
    [ "$(docker exec "$mark-$1" bash -c 'echo "$UID"')" = 1654 ] || return 1
    docker exec "$mark-$1" sh -c ': >/work/written && : >/tmp/written' && ! docker exec "$mark-$1" sh -c ': >/app/written'
}

# in_chunk WORKER: waits until it has a chunk in its hands, by its own metrics.
in_chunk() {
    local tries=1200
    until curl -sf "http://$(address "$1")/metrics" | grep -q '^ffb_worker_slots{.*use="busy".*} 1'; do
        running "worker-$1" && [ $((tries -= 1)) -gt 0 ] || return 1
        sleep 0.05
    done
}

# stops WORKER: with SIGTERM, in a chunk; it must end by itself, and in good order.
stops() {
    local began=$SECONDS
    in_chunk "$1" && docker stop -t $grace "$mark-worker-$1" || return 1
    echo "worker-$1 ended $((SECONDS - began)) s after it was told to"
    [ "$(docker inspect -f '{{.State.ExitCode}}' "$mark-worker-$1")" = 0 ] && [ $((SECONDS - began)) -lt $grace ]
}

kills() { in_chunk "$1" && docker kill "$mark-worker-$1"; }

# Every frame of the target is there, each with the target's own time.
times() { ffprobe -v error -select_streams v:0 -show_entries frame=pts_time -of csv=p=0 "$1" | grep -oE '[0-9.]+'; }
same_times() { [ -n "$(times "$1")" ] && diff <(times "$1") <(times "$2"); }

verified() {
    python3 -c 'import json, sys
report = json.load(open(sys.argv[1]))["verification"]
sys.exit(not (report["framesFound"] == report["framesExpected"] > 0 and report["timestampsEqual"]))' "$1"
}

# fused WORKER...: each of them has a chunk in the result.
fused() {
    local worker
    for worker in "$@"; do
        python3 -c 'import json, sys
chunks = json.load(open(sys.argv[1]))["chunks"]
sys.exit(not any(a["outcome"] == "FUSED" and a.get("worker") == sys.argv[2] for c in chunks for a in c["attempts"]))' \
            "$out/chunks.json" "$mark-$worker" || return 1
    done
}

# The same job in one process, where nothing goes wrong; its frames are the result's to the last bit.
fuse_alone() {
    docker run --name "$mark-alone" --label "$mark" --network none "${confined[@]}" -v "$demo:/demo:ro" "ffb-worker-cpu:$version" \
        fuse --source /demo/portrait.png --target /demo/target.mp4 --chunk-frames 30 --output /work/alone.mp4 \
        && docker cp "$mark-alone:/work/alone.mp4" "$out/alone.mp4"
}
frames() { ffmpeg -nostdin -v error -i "$1" -map 0:v:0 -f framehash -hash sha256 - | grep -v '^#'; }
same_frames() { [ -n "$(frames "$1")" ] && diff <(frames "$1") <(frames "$2"); }

# What the alerts ask for is on the coordinator's page.
alerts_know() {
    local strange
    strange=$(comm -23 <(grep -oE '\bffb_[a-z_]+' "$root/deploy/alerts/rules.yaml" | sort -u) \
        <(curl -sf "http://$FFB_LISTEN/metrics" | sed -n 's/^# TYPE \(ffb_[a-z_]*\) .*/\1/p' | sort -u))
    echo "not there: ${strange:-none}"
    [ -z "$strange" ]
}

# Without a card the image for cards must say so, and not go on with the CPU.
says_no_gpu() {
    local code=0
    docker run --rm --label "$mark" --network none "${confined[@]}" "ffb-worker-cuda:$version" doctor --device cuda >"$out/cuda.log" 2>&1 || code=$?
    [ $code = 2 ] && grep -q 'device-missing' "$out/cuda.log" && grep -q 'providers:.*CUDAExecutionProvider' "$out/cuda.log"
}

rm -rf "$out" && mkdir -p "$out"
trap clean EXIT
need curl curl
demo=$("$root/eng/demo-media.sh")
"$root/eng/services.sh" up >/dev/null
set -a
. "$artifacts/services/services.env"
set +a
export FFB_LISTEN=127.0.0.1:$port
start coordinator ffb-coordinator FFB_POSTGRES FFB_RABBITMQ FFB_BLOBS FFB_LISTEN
start_worker a
start_worker b
for name in coordinator worker-a worker-b; do
    holds "$name is healthy by its own check" becomes healthy $name
    running $name || { cat "$out/checks.log" && fail "$name does not run."; }
    holds "$name runs as user 1654 and writes to /work and /tmp alone" as_user $name
done
for name in coordinator worker-a; do
    holds "$name has everything that a job needs, by ffb doctor" docker exec "$mark-$name" ffb doctor
done
holds "the check of a worker that stands still fails, and passes again once it goes on" health_follows worker-a
if ! docker image inspect "ffb-worker-cuda:$version" >/dev/null 2>&1; then
    echo "not run worker-cuda: its image was not built"
elif [ -e /dev/nvidiactl ]; then
    echo "not run worker-cuda without a card: this machine has one"
else
    holds "worker-cuda says that there is no card" says_no_gpu
fi
FFB_API_KEY=$(docker exec "$mark-coordinator" ffb keys create)
FFB_SERVER=http://$FFB_LISTEN
job=$("$root/ffb" submit --source "$demo/portrait.png" --target "$demo/target.mp4" --chunk-frames 30)
holds "worker-a is killed in a chunk" kills a
start_worker c
holds "worker-b, stopped in a chunk, ends within its grace and in order" stops b
holds "the metrics that alerts ask for are on the coordinator's page" alerts_know
holds "the job succeeds all the same" "$root/ffb" jobs watch "$job"
holds "its result is there" "$root/ffb" jobs download "$job" --output "$out/out.mp4"
holds "every frame has the target's time" same_times "$demo/target.mp4" "$out/out.mp4"
holds "the same job is done in one container without a fleet" fuse_alone
holds "every frame is the same to the last bit" same_frames "$out/alone.mp4" "$out/out.mp4"
holds "its report is there" "$root/ffb" jobs download "$job" --which report.json --output "$out/report.json"
holds "by its report all frames were found, at equal times" verified "$out/report.json"
"$root/ffb" chunks list "$job" --attempts --output-format json >"$out/chunks.json"
holds "what the stopped worker had in its hands counts, and the one that came later fused" fused b c
for name in coordinator worker-a worker-b worker-c; do docker logs "$mark-$name" >"$out/$name.log" 2>&1; done
echo "$SECONDS s"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
