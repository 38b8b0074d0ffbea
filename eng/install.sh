# Sourced by the scripts beside it: what they say, and how they install what a machine lacks. Needs $artifacts, for the log.

say() { echo "ffb: $1" >&2; }
fail() { say "$1"; exit 1; }

# install COMMAND PACKAGE REASON: installs a distribution package where that is possible.
install() {
    local command=$1 package=$2 reason=$3
    command -v apt-get >/dev/null \
        || fail "$reason, and there is no apt-get to install it with; install $package and run this again."
    [ "$(id -u)" = 0 ] \
        || fail "$reason, and this user may not install it; run: sudo apt-get install $package"
    say "installing $package"
    if [ -z "${apt_updated:-}" ]; then
        apt-get update -q >"$artifacts/apt.log" 2>&1 || true
        apt_updated=1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" >>"$artifacts/apt.log" 2>&1 \
        || fail "$package could not be installed; check the network ($artifacts/apt.log says more)."
    hash -r
    command -v "$command" >/dev/null || fail "$package was installed but there is no $command; $artifacts/apt.log says more."
}

need() { command -v "$1" >/dev/null || install "$1" "$2" "$1 is needed"; }
