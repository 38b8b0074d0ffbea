#!/usr/bin/env bash
# Usage: eng/models-docs.sh
# Writes the tables of docs/models.md anew: what the model tools make of the built-in pack and of generated networks, on this machine.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
"$eng/setup.sh" test
export FFB_WRITE=1
dotnet "$root/artifacts/bin/Faces.Tests/release/FaceFusion.Batch.Faces.Tests.dll" -noColor -noLogo -class '*.ToolchainPageTests'
