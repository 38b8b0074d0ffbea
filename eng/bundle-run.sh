#!/usr/bin/env bash
# Usage: run.sh [DEVICE]   (cuda)
#        run.sh ffb ...     any command of ffb, with the bundle's ffmpeg and models
# Keeps the parts that lie beside it; when all are there, unpacks them and compares the built-in models on the device with the CPU, by
# both routes to CUDA. Parts may come one after another: run this each time. FFB_CHECK names the folder to work in.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=${FFB_CHECK:-/tmp/ffb-gpu-check}
device=${1:-cuda}
size=
mkdir -p "$work/parts"
cp -n "$here"/ffb-gpu.tar.xz.* "$work/parts/" 2>/dev/null || true
cp "$here/SHA256SUMS" "$work/parts/"

if [ ! -d "$work/program" ]; then
    if ! (cd "$work/parts" && sha256sum --quiet -c SHA256SUMS); then
        echo "Parts are still missing; the lines above say which." >&2
        exit 3
    fi
    fresh=$(mktemp -d "$work/fresh.XXXXXX")
    if command -v xz >/dev/null; then
        cat "$work"/parts/ffb-gpu.tar.xz.* | xz -dc | tar -C "$fresh" -x
    else
        cat "$work"/parts/ffb-gpu.tar.xz.* | python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer)' | tar -C "$fresh" -x
    fi
    cp -rl "$fresh/program" "$fresh/plugin"
    rm "$fresh/plugin/libonnxruntime.so"
    mv "$fresh/plain/libonnxruntime.so" "$fresh/plugin/"
    mv "$fresh"/* "$work/"
    rmdir "$fresh"
fi

export FFB_MODELS=$work/models ORT_DISABLE_TELEMETRY=1 PATH=$work/ffmpeg:$PATH
if [ "$device" = ffb ]; then
    shift
    exec "$work/program/FaceFusion.Batch.Cli" "$@"
fi
status=0
for route in program plugin; do
    for precision in '' --full-precision; do
        echo "== $([ $route = plugin ] && echo "plugin" || echo "built into the runtime"): $device $precision"
        "$work/$route/FaceFusion.Batch.Cli" device-check --device "$device" --photo "$work/portrait.yuv" --size "$size" $precision \
            || status=$?
    done
done
exit $status
