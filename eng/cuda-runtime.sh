#!/usr/bin/env bash
# Usage: eng/cuda-runtime.sh FOLDER
# Puts the ONNX Runtime that was built with CUDA into the folder of a published program, in the place of the plain one. The plain one takes
# CUDA as a plugin, and that ends in a segmentation fault with swappers of half precision (docs/performance.md). Loads without a GPU, too.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$eng/install.sh"

[ -d "${1:-}" ] || fail "usage: eng/cuda-runtime.sh FOLDER"
node=$("$eng/npm.sh" onnxruntime-node)
tar -xzf "$node" -O package/bin/napi-v6/linux/x64/libonnxruntime.so.1 >"$1/libonnxruntime.so.new"
mv "$1/libonnxruntime.so.new" "$1/libonnxruntime.so"
