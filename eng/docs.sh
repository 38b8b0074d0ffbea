#!/usr/bin/env bash
# Usage: eng/docs.sh
# Writes docs/openapi.json and docs/api.md anew, from the program as it is and from a run of it.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
"$eng/setup.sh" test
export FFB_WRITE=1
run() { dotnet "$root/artifacts/bin/$1/release/FaceFusion.Batch.$1.dll" -noColor -noLogo -class "$2"; }
run Coordinator.Tests '*.ApiSnapshotTests'
run EndToEnd.Tests '*.ApiPageTests'
