#!/usr/bin/env python3
"""Usage: sbom.py NAME VERSION DEPS.JSON RUNTIMES <TAR

Writes what an image holds as CycloneDX 1.6 to stdout: the NuGet packages of the program's deps.json, each with the hash that the lock files
pin and with the .NET that it brings; the runtimes in the lines of `dotnet --list-runtimes`; and the distribution's packages by the image's
own /var/lib/dpkg, as a tar.
"""
import base64
import json
import sys
import tarfile
from urllib.parse import quote


def nuget(path):
    with open(path, encoding="utf-8") as file:
        libraries = json.load(file)["libraries"]
    for key, library in sorted(libraries.items()):
        name, version = key.split("/")
        if library["type"] not in ("package", "runtimepack"):
            continue
        name = name.removeprefix("runtimepack.")
        component = {"type": "library", "name": name, "version": version, "purl": f"pkg:nuget/{quote(name)}@{quote(version)}"}
        if library.get("sha512", "").startswith("sha512-"):
            content = base64.b64decode(library["sha512"].removeprefix("sha512-")).hex()
            component["hashes"] = [{"alg": "SHA-512", "content": content}]
        yield component


def runtimes(lines):
    for line in lines.splitlines():
        name, version = line.split()[:2]
        yield {"type": "framework", "name": name, "version": version, "purl": f"pkg:generic/{quote(name)}@{quote(version)}"}


def debian(stream):
    """The entries of dpkg/status, and of the files in dpkg/status.d where an image has files of packages and no package manager."""
    found = set()
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            if member.isfile() and (member.name == "dpkg/status" or member.name.startswith("dpkg/status.d/")):
                entries = tar.extractfile(member).read().decode("utf-8").split("\n\n")
                found.update(filter(None, map(installed, entries)))
    for name, version, architecture in sorted(found):
        purl = f"pkg:deb/{quote(name)}@{quote(version, safe='')}?arch={architecture}"
        yield {"type": "library", "name": name, "version": version, "purl": purl}


def installed(entry):
    fields = dict(line.split(": ", 1) for line in entry.splitlines() if ": " in line and not line.startswith(" "))
    if fields.get("Status") == "install ok installed":
        return fields["Package"], fields["Version"], fields["Architecture"]
    return None


def main():
    name, version, deps, listed = sys.argv[1:]
    packages = [*nuget(deps), *runtimes(listed), *debian(sys.stdin.buffer)]
    components = [{**part, "bom-ref": part["purl"]} for part in packages]
    subject = {"type": "container", "name": name, "version": version, "bom-ref": name}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": subject}, "components": components}
    json.dump(document, sys.stdout, indent=1)
    print()


main()
