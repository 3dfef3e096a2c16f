#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes each file of hex digits as bytes: corpus_from_hex.py OUT_FOLDER FILE.hex..."""
import pathlib
import sys

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
for name in sys.argv[2:]:
    path = pathlib.Path(name)
    data = bytes.fromhex("".join(path.read_text(encoding="ascii").split()))
    target = out / (path.stem + ".bin")
    if not target.exists() or target.read_bytes() != data:
        target.write_bytes(data)
