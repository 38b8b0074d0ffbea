#!/usr/bin/env bash
# Usage: deploy/docker/build.sh [--base IMAGE] [--cuda-base IMAGE] [--locked|--lock] [coordinator|worker-cpu|worker-cuda]...
#   Makes the images ffb-NAME:VERSION (all three where none is named), with a list of what is in each (artifacts/docker/NAME.cdx.json,
#   CycloneDX), and prints their sizes and how long they took.
#   --base       what the first two stand on: Debian or Ubuntu with ASP.NET 10 (default: the official image; where that is not here and
#                cannot be fetched, one that eng/images.sh makes)
#   --cuda-base  what worker-cuda stands on: Debian or Ubuntu with CUDA 13 and cuDNN 9 (default: the official image; where that is not here
#                and cannot be fetched, a bare system of eng/images.sh, in which it starts and says that it finds no GPU)
#   --locked     fails where the first two would hold other versions of the distribution's packages than deploy/docker/DISTRIBUTION.lock,
#                which has those that were tried; without it they are named, and the images made
#   --lock       writes that file anew
#   Starts a container engine where none answers and this user may; it runs on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
artifacts=$root/artifacts
eng=$root/eng
. "$eng/install.sh"
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
layouts=$artifacts/docker

default_base() { sed -n 's/^ARG BASE_IMAGE=//p' "$here/$1.Dockerfile"; }

available() { docker image inspect "$1" >/dev/null 2>&1 || timeout 60 docker pull -q "$1" >>"$layouts/pull.log" 2>&1; }

# choose_base NAME: an image that is here or can be fetched.
choose_base() {
    local given=$base image
    [ "$1" != worker-cuda ] || given=$cuda_base
    image=${given:-$(default_base "$1")}
    if available "$image"; then
        echo "$image"
    elif [ -z "$given" ] && [ "$1" != worker-cuda ]; then
        "$eng/images.sh" aspnet >&2 && echo local/ffb-aspnet
    elif [ -z "$given" ]; then
        say "$image is neither here nor can it be fetched: this ffb-worker-cuda is without CUDA's libraries and can use no GPU"
        "$eng/images.sh" base >&2 && echo local/ffb-base:bookworm
    else
        fail "The image $image is neither here nor can it be fetched ($layouts/pull.log); name another one with --base or --cuda-base."
    fi
}

# The program with its own .NET, and the ONNX Runtime that was built with CUDA, with its provider.
lay_out_cuda() {
    "$eng/feed.sh"
    local gpu
    gpu=$("$eng/npm.sh" com.github.asus4.onnxruntime.linux-x64-gpu)
    dotnet publish "$root/src/Cli/Cli.csproj" -c Release -p:Bundled=linux-x64 -nologo -v q -nodeReuse:false -p:RunAnalyzers=false \
        -p:ArtifactsPath="$layouts/build-cuda" -p:PublishDir="$1/app/" >"$layouts/publish-cuda.log" 2>&1 \
        || fail "The program could not be published ($layouts/publish-cuda.log)."
    tar -xzf "$gpu" -C "$1/app" --strip-components=4 --wildcards '*/libonnxruntime_providers_*.so'
    rm -f "$1/app/libonnxruntime_providers_tensorrt.so"
    "$eng/cuda-runtime.sh" "$1/app"
}

lay_out() {
    local folder=$layouts/$1
    rm -rf "$folder"
    mkdir -p "$folder/app/models"
    cp -r "$here/bin" "$here/closure.sh" "$here/contents" "$folder/"
    if [ "$1" = worker-cuda ]; then
        lay_out_cuda "$folder"
    else
        "$eng/setup.sh" run
        cp -r "$artifacts/run/ffb/." "$folder/app/"
    fi
    cp "$root"/models/* "$folder/app/models/"
    cp "$root/LICENSE" "$root/NOTICE" "$folder/app/"
    # The user of the image is not the one that built it.
    chmod -R a+rX "$folder"
}

# list_contents NAME IMAGE: of the image itself, in which there may be no program to ask.
list_contents() {
    local container
    container=$(docker create "$2")
    docker cp "$container:/var/lib/dpkg" - \
        | python3 "$here/sbom.py" "ffb-$1" "$version" "$layouts/$1/app/FaceFusion.Batch.Cli.deps.json" \
            "$(docker run --rm --network none --entrypoint dotnet "$2" --list-runtimes 2>/dev/null || true)" >"$layouts/$1.cdx.json"
    docker cp "$container:/usr/lib/os-release" - | tar -xO >"$layouts/$1.os-release"
    docker rm -v "$container" >/dev/null
}

# compare_lock NAME: the base of worker-cuda is an image that stays whole, and locked by its tag.
compare_lock() {
    local lock held=$layouts/$1.packages
    [ "$1" != worker-cuda ] || return 0
    lock=$here/$(. "$layouts/$1.os-release" && echo "$ID-$VERSION_ID").lock
    python3 -c 'import json, sys
for part in json.load(sys.stdin)["components"]:
    if part["purl"].startswith("pkg:deb/"): print(part["name"], part["version"])' <"$layouts/$1.cdx.json" >"$held"
    [ "$locking" != lock ] || cp "$held" "$lock"
    [ -f "$lock" ] || { say "nothing is locked for this distribution: there is no $lock" && [ "$locking" != locked ]; return; }
    cmp -s "$lock" "$held" && return
    diff "$lock" "$held" | sed -n 's/^< /ffb:   locked  /p; s/^> /ffb:   held    /p' >&2
    say "ffb-$1 holds other packages than $(basename "$lock") says; try them, and write it anew with --lock"
    [ "$locking" != locked ]
}

build() {
    local name=$1 image=ffb-$1:$version stand began=$SECONDS
    stand=$(choose_base "$name")
    say "building $image on $stand"
    lay_out "$name"
    DOCKER_BUILDKIT=0 docker build --build-arg BASE_IMAGE="$stand" -f "$here/$name.Dockerfile" -t "$image" "$layouts/$name" \
        >"$layouts/$name.log" 2>&1 || fail "$image could not be built; $layouts/$name.log says why."
    list_contents "$name" "$image"
    compare_lock "$name" || { docker rmi "$image" >/dev/null; exit 1; }
    printf '%s  %s MB  %s s  %s\n' "$image" "$(($(docker image inspect -f '{{.Size}}' "$image") / 1000000))" "$((SECONDS - began))" \
        "$layouts/$name.cdx.json"
}

base='' cuda_base='' locking='' names=()
while [ $# -gt 0 ]; do
    case $1 in
        --base) base=${2:?--base needs an image} && shift ;;
        --cuda-base) cuda_base=${2:?--cuda-base needs an image} && shift ;;
        --locked | --lock) locking=${1#--} ;;
        coordinator | worker-cpu | worker-cuda) names+=("$1") ;;
        *) fail "build.sh takes --base, --cuda-base, --locked, --lock and coordinator, worker-cpu or worker-cuda, not $1." ;;
    esac
    shift
done
[ ${#names[@]} -gt 0 ] || names=(coordinator worker-cpu worker-cuda)
mkdir -p "$layouts"
need python3 python3
"$eng/images.sh" engine
for name in "${names[@]}"; do
    build "$name"
done
