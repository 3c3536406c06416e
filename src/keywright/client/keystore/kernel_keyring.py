"""
Secrets in the Linux kernel's own memory: never swapped, never in a file, dropped by the kernel when their time is up.

They are in the user's keyring (`@u`, keyrings(7)): every process of the user can read them, a cron job's or a service's
too. Containers often forbid the calls; then there is no such keyring, and the caller takes something else.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from collections.abc import Callable
from typing import Final

_CALLS: Final = {
    "x86_64": (248, 250),
    "aarch64": (217, 219),
    "riscv64": (217, 219),
    "loongarch64": (217, 219),
    "ppc64le": (269, 271),
    "s390x": (278, 280),
}
"""The numbers of add_key and keyctl, which glibc has no functions for."""
_USER_KEYRING: Final = -4
_TYPE: Final = b"user"
_PREFIX: Final = "keywright:"
_SET_PERMISSIONS, _UNLINK, _SEARCH, _READ, _SET_TIMEOUT = 5, 9, 10, 11, 15
# Whoever possesses it may do all, the same user all but link it elsewhere; no group, nobody else. Possession alone is
# not enough: a system service's processes have a keyring of their own, which the user's is not linked to.
_PERMISSIONS: Final = 0x3F2F0000
_MOST_BYTES: Final = 4096


class NoKernelKeyring(Exception):
    """There is none, or its use is forbidden here."""


def keep(name: str, secret: bytes, seconds: int) -> None:
    """
    Keep a secret, in place of an earlier one of this name.

    Raises: NoKernelKeyring.
    """
    serial = _call(0, _TYPE, _described(name), secret, len(secret), _USER_KEYRING)
    try:
        _call(1, _SET_PERMISSIONS, serial, _PERMISSIONS)
        _call(1, _SET_TIMEOUT, serial, seconds)
    except NoKernelKeyring:
        forget(name)
        raise
    # Some sandboxes take a key and never give it back.
    if read(name) != secret:
        raise NoKernelKeyring("it does not give back what is put into it")


def read(name: str) -> bytes | None:
    """Return the secret of this name; None where there is none, or no keyring."""
    try:
        serial = _find(name)
        if serial is None:
            return None
        buffer = ctypes.create_string_buffer(_MOST_BYTES)
        length = _call(1, _READ, serial, buffer, len(buffer))
    except NoKernelKeyring:
        return None
    return buffer.raw[:length] if length <= len(buffer) else None


def forget(name: str) -> bool:
    """Drop the secret of this name; return whether there was one."""
    try:
        serial = _find(name)
        if serial is None:
            return False
        _call(1, _UNLINK, serial, _USER_KEYRING)
    except NoKernelKeyring:
        return False
    return True


def _find(name: str) -> int | None:
    try:
        return _call(1, _SEARCH, _USER_KEYRING, _TYPE, _described(name), 0)
    except NoKernelKeyring:
        return None


def _described(name: str) -> bytes:
    return f"{_PREFIX}{name}".encode()


def _call(which: int, *arguments: object) -> int:
    """Call add_key (0) or keyctl (1)."""
    numbers, syscall = _CALLS.get(os.uname().machine), _syscall()
    if numbers is None or syscall is None:
        raise NoKernelKeyring("this system has no kernel keyring")
    # By themselves integers are passed as C's int, which leaves half of a register as it was.
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result: int = syscall(ctypes.c_long(numbers[which]), *passed)
    if result < 0:
        raise NoKernelKeyring(os.strerror(ctypes.get_errno()))
    return result


@functools.cache
def _syscall() -> Callable[..., int] | None:
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    function = ctypes.CDLL(None, use_errno=True).syscall
    function.restype = ctypes.c_long
    return function
