#!/usr/bin/env bash
# Usage: eng/images.sh [engine|base|aspnet|rabbitmq|postgres|azurite]...
#   Makes images out of the distribution's packages, for a container engine that reaches no registry of images: local/ffb-NAME. Those of
#   the servers where none is named; aspnet is what deploy/docker stands on, with the runtimes of this machine's SDK.
#   Starts an engine (dockerd) where none answers and this user may; it runs on. engine makes no image, base the system alone
#   that the others stand on. What is made already stays as it is.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
artifacts=$(dirname "$eng")/artifacts
mkdir -p "$artifacts"
. "$eng/install.sh"
base=local/ffb-base:bookworm

have() { docker image inspect "$1" >/dev/null 2>&1; }

start_engine() {
    docker info >/dev/null 2>&1 && return
    [ "$(id -u)" = 0 ] || fail "No container engine answers (docker info), and this user may not start one."
    command -v dockerd >/dev/null || install dockerd docker.io "A container engine is needed"
    say "starting a container engine"
    setsid dockerd >"$artifacts/dockerd.log" 2>&1 </dev/null &
    local tries=300
    until docker info >/dev/null 2>&1; do
        kill -0 $! 2>/dev/null && [ $((tries -= 1)) -gt 0 ] || fail "The container engine did not start; $artifacts/dockerd.log says why."
        sleep 0.2
    done
}

# The smallest system that packages can be installed into, from the mirror that this machine's own packages come from.
make_base() {
    have $base && return
    need debootstrap debootstrap
    local root mirror suite=bookworm
    mirror=$(awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
        $(find /etc/apt -name '*.sources' -o -name '*.list' | sort) /dev/null)
    root=$(mktemp -d)
    say "making the base image"
    debootstrap --variant=minbase --include=ca-certificates $suite "$root" "$mirror" >"$artifacts/debootstrap.log" 2>&1 \
        || fail "The base system could not be made; $artifacts/debootstrap.log says why."
    tar -C "$root" --exclude='./var/cache/apt/archives/*.deb' --exclude='./dev/*' --exclude='./proc/*' -c . \
        | docker import --change 'CMD ["/bin/bash"]' - $base >/dev/null
    rm -rf "$root"
}

make() {
    local name=$1 folder=$eng/images/$1
    have "local/ffb-$name" && return
    say "making the image of $name"
    if [ "$name" = azurite ]; then
        # Its modules are fetched outside, where npm's settings are.
        folder=$(mktemp -d)
        cp "$eng/images/azurite/Dockerfile" "$eng/azurite/package.json" "$eng/azurite/package-lock.json" "$folder/"
        need npm npm
        (cd "$folder" && npm ci --ignore-scripts --omit=dev --no-audit --no-fund >"$artifacts/npm-azurite.log" 2>&1) \
            || fail "Azurite could not be fetched; $artifacts/npm-azurite.log says why."
    fi
    if [ "$name" = aspnet ]; then
        # The runtimes of this machine's SDK: what the official image holds as well.
        folder=$(mktemp -d)
        local dotnet
        dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
        cp "$eng/images/aspnet/Dockerfile" "$folder/"
        tar -C "$dotnet" -c dotnet host shared/Microsoft.NETCore.App shared/Microsoft.AspNetCore.App | (mkdir "$folder/dotnet" && tar -C "$folder/dotnet" -x)
    fi
    DOCKER_BUILDKIT=0 docker build --build-arg BASE_IMAGE=$base -t "local/ffb-$name" "$folder" >"$artifacts/image-$name.log" 2>&1 \
        || fail "The image of $name could not be made; $artifacts/image-$name.log says why."
}

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(rabbitmq postgres azurite)
need docker docker.io
start_engine
[ "${wanted[*]}" = engine ] || make_base
for name in "${wanted[@]}"; do
    [ "$name" = engine ] || [ "$name" = base ] || make "$name"
done
