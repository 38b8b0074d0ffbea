#!/usr/bin/env bash
# Usage: eng/setup.sh run | test | check
#   run    what ./ffb needs: system tools, local package feed, the command line built into artifacts/run
#   test   what ./test.sh needs: the same, node, kubectl, and the whole solution built with analyzers into artifacts
#   check  the system tools alone
# Says what it does in short lines on stderr, does nothing where nothing changed, and ends with one sentence where it cannot go on.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
artifacts=$root/artifacts
want=${1:?usage: eng/setup.sh run|test|check}
export MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

. "$eng/install.sh"
. "$eng/kubectl.sh"

# What decides whether anything must be built again: name, size and time of every source, and the properties in the environment.
fingerprint() {
    (
        cd "$root"
        echo "$want ${FFB_BUILD_ARGS:-} ${FFB_OFFICIAL_PACKAGES:-} ${CI:-}"
        local folders=(src eng)
        [ "$want" = test ] && folders+=(tests tools)
        find "${folders[@]}" ./*.props ./*.targets ./*.sln nuget.config global.json .editorconfig BannedSymbols.txt \
            -type f -printf '%p %s %T@\n' | LC_ALL=C sort
    ) | sha256sum | cut -c1-64
}

built() {
    case $want in
        run) [ -f "$artifacts/run/ffb/FaceFusion.Batch.Cli.dll" ] ;;
        test) [ -f "$artifacts/bin/Cli/release/FaceFusion.Batch.Cli.dll" ] ;;
        *) false ;;
    esac
}

ready() { built && [ "$(cat "$artifacts/setup-$want.stamp" 2>/dev/null)" = "$(fingerprint)" ]; }

# Succeeds for ffmpeg 5.1 or newer. A version that is no number is a build from source of today and counts as new.
new_enough() {
    local version major minor
    version=$("$1" -version 2>/dev/null | sed -n '1s/^[a-z]* version n\{0,1\}\([^ ]*\).*/\1/p')
    [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || { [ -n "$version" ]; return; }
    major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    [ "$major" -gt 5 ] || { [ "$major" -eq 5 ] && [ "$minor" -ge 1 ]; }
}

check_dotnet() {
    if ! command -v dotnet >/dev/null; then
        fail "The .NET 10 SDK is needed and dotnet is not on the PATH; see https://dotnet.microsoft.com/download/dotnet/10.0"
    fi
    (cd "$root" && dotnet --version >/dev/null 2>&1) \
        || fail "The .NET 10 SDK is needed and dotnet offers only: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')(see https://dotnet.microsoft.com/download/dotnet/10.0)"
}

check_tools() {
    check_dotnet
    need prlimit util-linux
    local tool
    for tool in ffmpeg ffprobe; do
        command -v $tool >/dev/null || install $tool ffmpeg "$tool 5.1 or newer is needed"
        new_enough $tool \
            || fail "$tool is too old: $($tool -version 2>/dev/null | head -n 1 | cut -d' ' -f1-3); version 5.1 or newer is needed."
    done
    [ "${FFB_OFFICIAL_PACKAGES:-}" = 1 ] && [ "$want" = run ] || need npm npm
    [ "$want" != test ] || need node nodejs
    # Where it cannot be had, only the tests of deploy/k8s fail; all others need none.
    [ "$want" != test ] || (need_kubectl) || true
}

# run_dotnet NAME WHAT-FAILED ARGS...: one dotnet command, its output shown only where it fails.
run_dotnet() {
    local log=$artifacts/setup-$1.log sentence=$2
    shift 2
    (cd "$root" && dotnet "$@" ${FFB_BUILD_ARGS:-}) >"$log" 2>&1 || { grep -E 'error|warn' "$log" | sort -u | head -n 20 >&2 || true; fail "$sentence ($log says more)"; }
}

# Code that is compiled here once, and not at every start, saves each run some seconds of a core. The compiler is a package of its own.
system_name() {
    case $(uname -s)-$(uname -m) in
        Linux-x86_64) echo linux-x64 ;;
        Linux-aarch64) echo linux-arm64 ;;
        Darwin-arm64) echo osx-arm64 ;;
        Darwin-x86_64) echo osx-x64 ;;
    esac
}

[ "$want" = check ] || ! ready || exit 0
mkdir -p "$artifacts" 2>/dev/null || fail "The folder $artifacts cannot be made; the tree must be in a folder that this user may write to."
command -v flock >/dev/null || { mkdir -p "$artifacts"; install flock util-linux "flock is needed"; }
exec 7>"$artifacts/setup.lock"
flock -n 7 || { say "waiting for another set-up of this tree"; flock 7; }
[ "$want" = check ] || ! ready || exit 0

check_tools
[ "$want" != check ] || exit 0
stamp=$(fingerprint)
"$eng/feed.sh" 7>&-

case $want in
    run)
        rm -rf "$artifacts/run/ffb"
        options=(src/Cli/Cli.csproj -p:ArtifactsPath="$artifacts/run" -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false)
        build=(publish -p:PublishDir="$artifacts/run/ffb/")
        ;;
    test)
        options=(FaceFusion.Batch.sln)
        build=(build)
        ;;
esac
say "fetching NuGet packages"
ahead=$([ "$want" = run ] && system_name || true)
if [ -n "$ahead" ] && (cd "$root" && dotnet restore -nologo "${options[@]}" -p:AheadOfTime="$ahead" ${FFB_BUILD_ARGS:-}) >"$artifacts/setup-ahead.log" 2>&1; then
    options+=(-p:AheadOfTime="$ahead")
else
    [ -z "$ahead" ] || say "no compiler package for $ahead: every start will take some seconds longer ($artifacts/setup-ahead.log says why)"
    run_dotnet "$want-restore" "The NuGet packages could not be fetched; check the network and the package sources." restore -nologo "${options[@]}"
fi 7>&-
say "building (about a minute)"
run_dotnet "$want-build" "The build failed." "${build[@]}" -c Release --no-restore -nologo -v q -nodeReuse:false "${options[@]}" 7>&-
echo "$stamp" >"$artifacts/setup-$want.stamp"
