#!/usr/bin/env bash
# Usage: eng/kube.sh [FILE...]
#        eng/kube.sh render OVERLAY
# Holds every object of every overlay of deploy/k8s, or of the rendered manifests that are named, against the schemas of Kubernetes, KEDA,
# the External Secrets Operator and the RabbitMQ cluster operator. Needs no cluster. A line for each; the exit code is 1 where one is wrong.
# render prints what `kubectl apply -k` would send.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
artifacts=$root/artifacts
mkdir -p "$artifacts"
. "$eng/install.sh"
. "$eng/kubectl.sh"

if [ "${1:-}" = render ]; then
    need_kubectl
    exec kubectl kustomize "$root/deploy/k8s/overlays/${2:?usage: eng/kube.sh render OVERLAY}"
fi

need node nodejs
# The schemas and the compiler of their types, fetched once for each version of them.
home=${FFB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ffb}/kube-$(sha256sum "$eng/kube/package-lock.json" | cut -c1-12)
mkdir -p "$(dirname "$home")" || fail "The folder $(dirname "$home") cannot be made; set FFB_CACHE to a folder that can be written."
exec 9>"$home.lock"
flock 9
if [ ! -d "$home" ]; then
    need npm npm
    say "fetching the schemas of Kubernetes"
    fresh=$(mktemp -d "$home.XXXXXX")
    cp "$eng/kube/package.json" "$eng/kube/package-lock.json" "$fresh/"
    (cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund >"$artifacts/npm-kube.log" 2>&1 9>&-) \
        || { rm -rf "$fresh"; fail "The schemas of Kubernetes could not be fetched; check the network and the npm registry setting ($artifacts/npm-kube.log says more)."; }
    mv "$fresh" "$home"
fi
flock -u 9

# Modules are looked for beside the program that asks for them.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$home/node_modules" "$work/node_modules"
cp "$eng/kube/validate.mjs" "$eng/kube/rabbitmqcluster.schema.json" "$home/package.json" "$work/"

failed=0
# check NAME FILE
check() {
    local said
    said=$(node --preserve-symlinks --preserve-symlinks-main "$work/validate.mjs" "$2") || failed=1
    sed "s|^|$1: |" <<<"$said"
}

if [ $# -gt 0 ]; then
    for file in "$@"; do check "$file" "$file"; done
else
    for overlay in "$root"/deploy/k8s/overlays/*/; do
        name=$(basename "$overlay")
        "$eng/kube.sh" render "$name" >"$work/$name.yaml" || fail "The overlay $name cannot be rendered."
        check "$name" "$work/$name.yaml"
    done
fi
exit $failed
