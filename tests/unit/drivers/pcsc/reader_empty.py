#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Waits until pcscd has seen that a reader is empty; talks to pcscd only, never to a card. usage: reader_empty.py READER SECONDS

pcscd looks at a reader every 0.4 s. A card that follows another one between two looks is taken for the old one and stays without
power until it is taken out: nobody's hands are that fast, but a script is.
"""
import ctypes
import sys
import time

STATE_EMPTY = 0x10
SCOPE_SYSTEM = 2


class ReaderState(ctypes.Structure):
    _fields_ = [("reader", ctypes.c_char_p), ("user", ctypes.c_void_p), ("current", ctypes.c_ulong), ("event", ctypes.c_ulong),
                ("atr_length", ctypes.c_ulong), ("atr", ctypes.c_ubyte * 33)]


def main():
    pcsc = ctypes.CDLL("libpcsclite.so.1")
    context = ctypes.c_long()
    if pcsc.SCardEstablishContext(SCOPE_SYSTEM, None, None, ctypes.byref(context)) != 0:
        sys.exit("reader_empty.py: no pcscd")
    state = ReaderState(reader=sys.argv[1].encode())
    end = time.monotonic() + float(sys.argv[2])
    while time.monotonic() < end:
        if pcsc.SCardGetStatusChange(context, 0, ctypes.byref(state), 1) == 0 and state.event & STATE_EMPTY:
            pcsc.SCardReleaseContext(context)
            return
        time.sleep(0.05)
    sys.exit(f"reader_empty.py: {sys.argv[1]} is still not empty")


main()
