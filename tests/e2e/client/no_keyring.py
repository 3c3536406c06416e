"""Run a command where the kernel's keyring is forbidden, as Docker forbids it: `no_keyring.py CMD …`."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from keywright.client.keystore.kernel_keyring import _CALLS

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _FILTER = 22, 38, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def forbid() -> None:
    """Have add_key and keyctl answer EPERM, to this process and to all that it starts."""
    add_key, keyctl = _CALLS[os.uname().machine]
    steps = [
        (_LOAD, 0, 0, 0),
        (_JUMP_IF_EQUAL, 1, 0, add_key),
        (_JUMP_IF_EQUAL, 0, 1, keyctl),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(_PR_SET_SECCOMP, _FILTER, header, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    forbid()
    os.execv(sys.argv[1], sys.argv[1:])
