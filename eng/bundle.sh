#!/usr/bin/env bash
# Usage: eng/bundle.sh --gpu sm_NN|all
# Makes artifacts/bundle-gpu: ffb for linux-x64 with its own .NET, ffmpeg with its libraries, models, runtime and CUDA provider, as an
# archive in parts of at most 55 MB, and run.sh, which joins the parts on a machine with a GPU and compares the built-in models there with
# the CPU, or runs ffb (run.sh ffb bench --device cuda).
#   sm_NN   code for that architecture alone (sm_90: H100, H200): a third of the size
#   all     code for every architecture of the provider
# That machine needs the driver, CUDA 13 and cuDNN 9, and neither .NET nor ffmpeg of its own.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
artifacts=$root/artifacts
. "$eng/install.sh"

[ "${1:-}" = --gpu ] && [[ ${2:-} =~ ^(all|sm_[0-9]+)$ ]] || fail "usage: eng/bundle.sh --gpu sm_NN|all"
architecture=$2
bundle=$artifacts/bundle-gpu
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
need xz xz-utils
need ffmpeg ffmpeg

"$eng/feed.sh"
demo=$("$eng/demo-media.sh")
gpu=$("$eng/npm.sh" com.github.asus4.onnxruntime.linux-x64-gpu)
rm -rf "$bundle"
mkdir -p "$bundle/parts" "$bundle/content/models"
content=$bundle/content

say "publishing ffb with its own .NET"
dotnet publish "$root/src/Cli/Cli.csproj" -c Release -p:Bundled=linux-x64 -nologo -v q -nodeReuse:false \
    -p:ArtifactsPath="$bundle/build" -p:PublishDir="$content/program/" \
    -p:RunAnalyzers=false >"$bundle/publish.log" 2>&1 || { cat "$bundle/publish.log" >&2; fail "The program could not be published."; }
cp "$root"/models/* "$content/models/"
"$eng/bundle-ffmpeg.sh" "$content/ffmpeg"
size=$(ffprobe -v error -show_entries stream=width,height -of csv=p=0:s=x "$demo/portrait.png")
ffmpeg -nostdin -v error -i "$demo/portrait.png" -pix_fmt yuvj444p -f rawvideo "$content/portrait.yuv"

# The runtime that was built with CUDA takes the place of the plain one, which goes into a folder of its own, for the route of a plugin.
tar -xzf "$gpu" -C "$content/program" --strip-components=4 --wildcards '*/libonnxruntime_providers_*.so'
rm "$content/program/libonnxruntime_providers_tensorrt.so"
[ "$architecture" = all ] || python3 "$eng/thin-cuda.py" "$content/program/libonnxruntime_providers_cuda.so" "${architecture#sm_}"
mkdir "$content/plain"
mv "$content/program/libonnxruntime.so" "$content/plain/"
"$eng/cuda-runtime.sh" "$content/program"

say "packing"
tar -C "$content" -c . | xz -T0 -6 | split -b 52M -d - "$bundle/parts/ffb-gpu.tar.xz."
cp "$eng/bundle-run.sh" "$bundle/parts/run.sh"
sed -i "s/^size=.*/size=$size/" "$bundle/parts/run.sh"
(cd "$bundle/parts" && sha256sum ffb-gpu.tar.xz.* >SHA256SUMS)
rm -rf "$content" "$bundle/build"
ls -l "$bundle/parts" >&2
echo "$bundle/parts"
