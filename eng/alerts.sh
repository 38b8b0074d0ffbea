#!/usr/bin/env bash
# Usage: eng/alerts.sh [RULES]
#   The alerts of deploy/alerts/rules.yaml (or of RULES) by Prometheus's own promtool: whether it can read them, and whether they fire where
#   deploy/alerts/tests.yaml says so, and nowhere else. The exit code is 0 where both hold.
#   promtool is the one on the PATH, or comes out of the distribution's package prometheus, which is unpacked into FFB_CACHE (19 MB are
#   fetched) and not installed.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
artifacts=$root/artifacts
. "$eng/install.sh"
rules=${1:-$root/deploy/alerts/rules.yaml}
home=${FFB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ffb}/prometheus

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# apt-get download needs no rights, but lists of packages; only root may fetch these.
fetch() { (cd "$work" && apt-get download -q prometheus >apt.log 2>&1); }

unpack() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail "promtool is needed, and there is no apt-get to fetch it with; install Prometheus."
    say "fetching promtool (Debian package prometheus)"
    fetch || { [ "$(id -u)" = 0 ] && apt-get update -q >/dev/null 2>&1 && fetch; } \
        || fail "promtool could not be fetched with apt-get download prometheus; check the network and run apt-get update."
    dpkg -x "$work"/prometheus_*.deb "$work/package"
    mkdir -p "$home" && mv "$work/package/usr/bin/promtool" "$home/promtool"
}

promtool=$(command -v promtool || true)
if [ -z "$promtool" ]; then
    promtool=$home/promtool
    mkdir -p "$(dirname "$home")"
    exec 9>"$home.lock"
    flock 9
    [ -x "$promtool" ] || unpack
    flock -u 9
fi

# What is under `spec`, less its indentation, is a file of Prometheus itself.
sed '1,/^spec:/d; s/^  //' "$rules" >"$work/rules.yaml"
cp "$root/deploy/alerts/tests.yaml" "$work/"
cd "$work"
"$promtool" check rules rules.yaml
"$promtool" test rules tests.yaml
