#!/usr/bin/env bash
# Usage: eng/feed.sh
# Makes artifacts/feed: the NuGet packages that a feed may lack, under version labels of their own.
#   Microsoft.ML.OnnxRuntime  the official binding and native library, from their npm distribution
#   System.IO.Hashing         the copy inside the .NET SDK
# FFB_OFFICIAL_PACKAGES=1 skips this: the official packages are used then (CONTRIBUTING.md says how).
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
feed=$root/artifacts/feed
work=$root/artifacts/feed-work
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
fail() { echo "ffb: $1" >&2; exit 1; }

mkdir -p "$feed" "$work"
if [ "${FFB_OFFICIAL_PACKAGES:-}" = 1 ]; then
    echo "ffb: official packages are used, nothing to build for the local feed" >&2
    exit 0
fi

exec 8>"$work/lock"
flock 8
sdk=$(cd "$root" && dotnet --version)
stamp="$sdk $(cat "$eng/feed.sh" "$eng/npm-packages.txt" $(find "$eng/feed" -type f | LC_ALL=C sort) | sha256sum | cut -c1-64)"
onnx=Microsoft.ML.OnnxRuntime.1.29.0-npm.0.4.9.nupkg
hashing=System.IO.Hashing.10.0.0-sdk.1.nupkg
if [ -f "$feed/$onnx" ] && [ -f "$feed/$hashing" ] && [ "$(cat "$work/stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
echo "ffb: building the local package feed (ONNX Runtime binding, System.IO.Hashing)" >&2

tarball=$("$eng/npm.sh" com.github.asus4.onnxruntime)
rm -rf "$work/onnxruntime" "$work/stage"
mkdir -p "$work/onnxruntime" "$work/stage/onnxruntime/lib/net10.0" "$work/stage/hashing/lib/net10.0"
tar -xzf "$tarball" -C "$work/onnxruntime" --strip-components=1 --wildcards \
    'package/Runtime/*.cs' package/LICENSE package/ThirdPartyNotices.txt package/Plugins/Linux/x64/libonnxruntime.so

build() {
    dotnet build "$1" -c Release -nologo -v q -p:BaseIntermediateOutputPath="$work/$2/obj/" -p:OutputPath="$work/$2/bin/" "${@:3}" \
        >"$work/$2.log" 2>&1 8>&- || { cat "$work/$2.log" >&2; fail "The local package feed could not be built; the lines above say why."; }
}
build "$eng/feed/OnnxRuntime/Microsoft.ML.OnnxRuntime.csproj" binding -p:BindingSources="$work/onnxruntime/Runtime/"
build "$eng/feed/Nupkg/Nupkg.csproj" nupkg

stage=$work/stage/onnxruntime
cp "$eng/feed/OnnxRuntime/Microsoft.ML.OnnxRuntime.nuspec" "$work/onnxruntime/LICENSE" "$work/onnxruntime/ThirdPartyNotices.txt" "$stage/"
cp "$work/binding/bin/Microsoft.ML.OnnxRuntime.dll" "$stage/lib/net10.0/"
mkdir -p "$stage/runtimes/linux-x64/native"
cp "$work/onnxruntime/Plugins/Linux/x64/libonnxruntime.so" "$stage/runtimes/linux-x64/native/"

sdk_folder=$(dotnet --list-sdks | sed -n "s/^$sdk \[\(.*\)\]\$/\1/p")/$sdk
copy=$sdk_folder/Sdks/Microsoft.SourceLink.GitHub/tools/net/System.IO.Hashing.dll
[ -f "$copy" ] || copy=$sdk_folder/System.IO.Hashing.dll
[ -f "$copy" ] || fail "The .NET SDK $sdk holds no copy of System.IO.Hashing; set FFB_OFFICIAL_PACKAGES=1 and -p:SystemIOHashingVersion to use the official package."
cp "$eng/feed/System.IO.Hashing.nuspec" "$work/stage/hashing/"
cp "$copy" "$work/stage/hashing/lib/net10.0/"

for pair in "onnxruntime $onnx" "hashing $hashing"; do
    read -r folder file <<<"$pair"
    dotnet "$work/nupkg/bin/Nupkg.dll" "$work/stage/$folder" "$work/$file"
    mv "$work/$file" "$feed/$file"
done
rm -rf "$work/stage" "$work/onnxruntime"
echo "$stamp" >"$work/stamp"
