#!/usr/bin/env bash
# Usage: deploy/docker/try.sh
#   One job through a fleet in containers: a coordinator and two workers, read-only, without capabilities, of a user without rights, on the
#   three servers (in containers, unless FFB_SERVICES is native). A line for each thing that must hold; the last line is "N passed, N failed".
#   Takes the images of build.sh and eng/images.sh, and removes the containers that it made.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
artifacts=$root/artifacts
. "$root/eng/install.sh"
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
mark=ffb-try-$$
passed=0 failed=0
out=$artifacts/docker/try
export FFB_SERVICES=${FFB_SERVICES:-containers} FFB_SERVER='' FFB_API_KEY=''
had_services=$([ -f "$artifacts/services/services.env" ] && echo yes || true)

clean() {
    local names
    names=$(docker ps -aq --filter "label=$mark")
    [ -z "$names" ] || docker rm -f -v $names >/dev/null
    [ -n "$had_services" ] || "$root/eng/services.sh" down >/dev/null 2>&1 || true
}

# holds WHAT COMMAND...
holds() {
    local what=$1
    shift
    if "$@" >>"$out/checks.log" 2>&1; then passed=$((passed + 1)) && echo "passed  $what"; else failed=$((failed + 1)) && echo "FAILED  $what"; fi
}

# start NAME IMAGE VARIABLE...: with these variables of this process and no others.
start() {
    local name=$1 image=$2 given=()
    shift 2
    for variable in "$@"; do given+=(-e "$variable"); done
    docker run -d --name "$mark-$name" --label "$mark" --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
        --tmpfs /tmp -v /work "${given[@]}" "$image:$version" >/dev/null
}

health() { docker inspect -f '{{.State.Health.Status}}' "$mark-$1"; }

healthy() {
    local tries=180
    until [ "$(health "$1")" = healthy ]; do
        [ $((tries -= 1)) -gt 0 ] || { docker logs "$mark-$1" 2>&1 | tail -n 20; return 1; }
        sleep 1
    done
}

as_user() { [ "$(docker exec "$mark-$1" id -u)" = 1654 ] && ! docker exec "$mark-$1" touch /app/written 2>/dev/null; }

# Every frame of the target is there, each with the target's own time.
times() { ffprobe -v error -select_streams v:0 -show_entries frame=pts_time -of csv=p=0 "$1" | tr -d ','; }
same_times() { [ -n "$(times "$1")" ] && diff <(times "$1") <(times "$2"); }

verified() {
    python3 -c 'import json, sys
report = json.load(open(sys.argv[1]))["verification"]
sys.exit(not (report["framesFound"] == report["framesExpected"] > 0 and report["timestampsEqual"]))' "$1"
}

both_worked() { [ "$(grep -oE "\"worker\": *\"$mark-[ab]\"" "$1" | sort -u | wc -l)" = 2 ]; }

rm -rf "$out" && mkdir -p "$out"
trap clean EXIT
demo=$("$root/eng/demo-media.sh")
"$root/eng/services.sh" up >/dev/null
set -a
. "$artifacts/services/services.env"
set +a
export FFB_LISTEN=127.0.0.1:${FFB_TRY_PORT:-25590}
start coordinator ffb-coordinator FFB_POSTGRES FFB_RABBITMQ FFB_BLOBS FFB_LISTEN
for worker in a b; do
    FFB_WORKER_NAME=$mark-$worker FFB_SLOTS=1 FFB_WORKER_LISTEN=127.0.0.1:$((${FFB_TRY_PORT:-25590} + 1 + $([ $worker = a ] && echo 0 || echo 1))) \
        start worker-$worker ffb-worker-cpu FFB_RABBITMQ FFB_BLOB_ORIGIN FFB_WORKER_NAME FFB_SLOTS FFB_WORKER_LISTEN
done
for name in coordinator worker-a worker-b; do
    holds "$name is healthy by its own check" healthy $name
    holds "$name runs as user 1654 on a root it cannot write to" as_user $name
done
FFB_API_KEY=$(docker exec "$mark-coordinator" ffb keys create)
FFB_SERVER=http://$FFB_LISTEN
job=$("$root/ffb" submit --source "$demo/portrait.png" --target "$demo/target.mp4" --chunk-frames 30)
"$root/ffb" jobs watch "$job" >"$out/watch.log" 2>&1 || true
holds "the job's result is there" "$root/ffb" jobs download "$job" --output "$out/out.mp4"
holds "every frame has the target's time" same_times "$demo/target.mp4" "$out/out.mp4"
"$root/ffb" chunks list "$job" --attempts --output-format json >"$out/chunks.json"
holds "its report is there" "$root/ffb" jobs download "$job" --which report.json --output "$out/report.json"
holds "by its report all frames were found, at equal times" verified "$out/report.json"
holds "both workers fused chunks" both_worked "$out/chunks.json"
for name in coordinator worker-a worker-b; do docker logs "$mark-$name" >"$out/$name.log" 2>&1; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
