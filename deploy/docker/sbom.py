#!/usr/bin/env python3
"""Usage: sbom.py NAME VERSION DEPS.JSON <PACKAGES

Writes what an image holds as CycloneDX 1.6 to stdout: the NuGet packages of the program's deps.json, each with the hash that the lock files
pin, and the distribution's packages, from lines of `dpkg-query -W -f '${Package} ${Version} ${Architecture}\\n'`.
"""
import base64
import json
import sys
from urllib.parse import quote


def nuget(path):
    with open(path, encoding="utf-8") as file:
        libraries = json.load(file)["libraries"]
    for key, library in sorted(libraries.items()):
        name, version = key.split("/")
        if library["type"] != "package":
            continue
        component = {"type": "library", "name": name, "version": version, "purl": f"pkg:nuget/{quote(name)}@{quote(version)}"}
        if library.get("sha512", "").startswith("sha512-"):
            content = base64.b64decode(library["sha512"].removeprefix("sha512-")).hex()
            component["hashes"] = [{"alg": "SHA-512", "content": content}]
        yield component


def debian(lines):
    for name, version, architecture in sorted(line.split() for line in lines if line.strip()):
        purl = f"pkg:deb/{quote(name)}@{quote(version, safe='')}?arch={architecture}"
        yield {"type": "library", "name": name, "version": version, "purl": purl}


def main():
    name, version, deps = sys.argv[1:]
    components = [{**part, "bom-ref": part["purl"]} for part in [*nuget(deps), *debian(sys.stdin)]]
    subject = {"type": "container", "name": name, "version": version, "bom-ref": name}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": subject}, "components": components}
    json.dump(document, sys.stdout, indent=1)
    print()


main()
