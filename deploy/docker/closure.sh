#!/bin/bash
# Usage: closure.sh [--without LIST] FOLDER <CONTENTS
#   Runs while an image is built. Lays below FOLDER what each line of CONTENTS names (a program, or a pattern of files; a folder whole) and
#   every library that it loads, at the places that they have here; and of each Debian package that one of them belongs to its copyright
#   and its entry in dpkg's list (var/lib/dpkg/status.d: where scanners look in an image that has no package manager).
#   --without  leaves out the paths in LIST, one a line
#   What a program opens while it runs is in no list of libraries: CONTENTS names it.
set -euo pipefail
without=/dev/null
[ "$1" != --without ] || { without=$2 && shift 2; }
folder=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "closure.sh: $1" >&2; exit 1; }

# One name for each file: the places that merged-/usr keeps by symbolic links (/lib) are below /usr.
place() { sed -E 's#^/(s?bin|lib[^/]*)/#/usr/\1/#'; }

# The files named, and what the loader says that it would load for them.
sed 's/#.*//; /^ *$/d' | while read -r wanted; do
    if [[ $wanted != /* ]]; then
        type -P "$wanted" || fail "There is no program $wanted."
    else
        found=($wanted)
        [ -e "${found[0]}" ] || fail "There is no $wanted."
        find "${found[@]}" ! -xtype d
    fi
done | place | sort -u >"$work/named"
while read -r file; do
    [[ $file =~ /s?bin/ || $file == *.so* ]] || continue
    # "libx.so.1 => /lib/libx.so.1 (0x…)", and the loader itself as "/lib64/ld-linux-x86-64.so.2 (0x…)".
    ldd "$file" 2>/dev/null || true
done <"$work/named" >"$work/ldd"
! grep 'not found' "$work/ldd" >&2 || fail "A library is missing."
sed -nE 's#^.* => (/[^ ]*) .*$#\1#p; s#^[[:space:]]*(/[^ ]*) \(.*$#\1#p' "$work/ldd" | place | sort -u - "$work/named" \
    | comm -23 - <(place <"$without" | sort -u) >"$work/files"

while read -r file; do
    mkdir -p "$folder${file%/*}"
    # -L: a library under the one name that it is loaded by.
    cp -L --preserve=mode,timestamps "$file" "$folder$file"
    printf '%s\t%s\n' "$(readlink -f "$file" | place)" "$file"
done <"$work/files" >"$work/copied"
for link in bin sbin lib lib64; do
    [ ! -L "/$link" ] || ln -sfn "usr/$link" "$folder/$link"
done

for list in /var/lib/dpkg/info/*.list; do
    owner=${list##*/}
    place <"$list" | sed "s#\$#\t${owner%.list}#"
done >"$work/owned"
# Below /etc is what a package's configuration made here, such as the certificates in one file.
awk -F '\t' -v work="$work" 'NR == FNR { owner[$1] = $2; next }
    $1 in owner { print owner[$1] > (work "/packages") ; next }
    $2 !~ "^/etc/" { print $2 > (work "/strangers") }' "$work/owned" "$work/copied"
[ ! -s "$work/strangers" ] || fail "No package owns $(head -n 1 "$work/strangers"): the list of what is in the image would lack it."
mkdir -p "$folder/var/lib/dpkg/status.d"
sort -u "$work/packages" | while read -r package; do
    name=${package%:*}
    dpkg-query -s "$package" >"$folder/var/lib/dpkg/status.d/$name"
    mkdir -p "$folder/usr/share/doc/$name"
    cp -L "/usr/share/doc/$name/copyright" "$folder/usr/share/doc/$name/copyright"
done
