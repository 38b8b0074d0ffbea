#!/usr/bin/env python3
"""Usage: eng/thin-cuda.py LIBRARY NN
Zeroes the code for all NVIDIA cards but sm_NN in a shared library, in place: the zeros compress to nothing, and the library works on
cards of that architecture alone. Code lies in "fat binaries": a header (magic, version, length of the header, length of the rest),
then entries (kind: 1 PTX, 2 machine code; length of their header; length of their code; at byte 28 the architecture).
"""
import mmap
import struct
import sys

MAGIC = struct.pack("<I", 0xBA55ED50)


def thin(library, architecture):
    """Returns the bytes of code kept and zeroed."""
    kept = zeroed = 0
    with open(library, "r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        at = content.find(MAGIC)
        while at >= 0:
            _, version, header, rest = struct.unpack_from("<IHHQ", content, at)
            if version != 1 or header != 16:
                at = content.find(MAGIC, at + 4)
                continue
            entry, end = at + header, at + header + rest
            while entry < end:
                kind, _, entry_header, length = struct.unpack_from("<HHIQ", content, entry)
                if kind not in (1, 2) or entry_header < 32:
                    sys.exit(f"{library} holds an entry of unknown kind at {entry}.")
                if struct.unpack_from("<I", content, entry + 28)[0] == architecture:
                    kept += length
                else:
                    content[entry + entry_header : entry + entry_header + length] = bytes(length)
                    zeroed += length
                entry += entry_header + length
            at = content.find(MAGIC, end)
    return kept, zeroed


kept, zeroed = thin(sys.argv[1], int(sys.argv[2]))
if kept == 0:
    sys.exit(f"{sys.argv[1]} holds no code for sm_{sys.argv[2]}.")
print(f"{sys.argv[1]}: kept {kept:,} bytes of code for sm_{sys.argv[2]}, zeroed {zeroed:,}", file=sys.stderr)
