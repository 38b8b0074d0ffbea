#!/usr/bin/env bash
# Usage: eng/npm.sh PACKAGE
# Prints the path of a checked npm tarball named in eng/npm-packages.txt, fetching it once into the shared cache.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "ffb: $1" >&2; exit 1; }

name=${1:?usage: eng/npm.sh PACKAGE}
line=$(grep -F "$name " "$here/npm-packages.txt" | head -n 1) || fail "eng/npm-packages.txt does not name the package $name."
read -r _ version integrity <<<"$line"

cache=${FFB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ffb}/npm
mkdir -p "$cache" || fail "The cache folder $cache cannot be made; set FFB_CACHE to a folder that can be written."
file=$(tr '@/' '_-' <<<"${name#@}")-$version.tgz

integrity_of() { echo "sha512-$(printf "$(sha512sum "$1" | cut -c1-128 | sed 's/../\\x&/g')" | base64 -w0)"; }

exec 9>"$cache/$file.lock"
flock 9
if [ ! -f "$cache/$file" ]; then
    command -v npm >/dev/null || fail "npm is needed to fetch $name; install it with: apt-get install npm"
    echo "ffb: fetching $name $version" >&2
    fresh=$(mktemp -d "$cache/fetch.XXXXXX")
    trap 'rm -rf "$fresh"' EXIT
    (cd "$fresh" && npm pack --silent --ignore-scripts "$name@$version" >/dev/null) \
        || fail "The package $name $version could not be fetched; check the network and the npm registry setting."
    tarball=$(echo "$fresh"/*.tgz)
    [ "$(integrity_of "$tarball")" = "$integrity" ] \
        || fail "The package $name $version does not match its integrity in eng/npm-packages.txt and was refused."
    mv "$tarball" "$cache/$file"
fi
echo "$cache/$file"
