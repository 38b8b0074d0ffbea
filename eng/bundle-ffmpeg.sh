#!/usr/bin/env bash
# Usage: eng/bundle-ffmpeg.sh FOLDER
# Copies this machine's ffmpeg and ffprobe into FOLDER with every library that they load, the C library and its loader among them, so
# that they run on any Linux of the same architecture. FOLDER/ffmpeg and FOLDER/ffprobe start them.
set -euo pipefail
folder=${1:?usage: eng/bundle-ffmpeg.sh FOLDER}
mkdir -p "$folder/lib"
for tool in ffmpeg ffprobe; do
    path=$(readlink -f "$(command -v "$tool")")
    cp "$path" "$folder/lib/$tool.bin"
    # "libx.so.1 => /usr/lib/libx.so.1 (0x…)", and the loader as "/lib64/ld-linux-x86-64.so.2 (0x…)".
    ldd "$path" | sed -n 's/^.* => \(\/[^ ]*\) .*$/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*$/\1/p' | while read -r library; do
        cp -nL "$library" "$folder/lib/" 2>/dev/null || true
    done
    loader=$(basename "$(ldd "$path" | sed -n 's/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*$/\1/p')")
    cat >"$folder/$tool" <<SCRIPT
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")/lib
exec "\$here/$loader" --library-path "\$here" "\$here/$tool.bin" "\$@"
SCRIPT
    chmod +x "$folder/$tool"
done
