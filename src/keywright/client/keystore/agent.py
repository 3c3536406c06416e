"""
The agent: a process that holds one secret in its memory, for machines without a kernel keyring.

It is run by its file's name, without the rest of Keywright: `agent.py FOLDER NAME SECONDS BYTES`, with the secret on
standard input. It answers processes of its own user at the socket FOLDER/NAME and ends when its time is up, when it is
told to, or when its socket was removed. The first process ends once the socket listens; its child stays.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Final

GET: Final = b"g"
QUIT: Final = b"q"
_PR_SET_DUMPABLE: Final = 4
_LOOK_SECONDS: Final = 30
_PATIENCE_SECONDS: Final = 2
_LOCAL_PEERCRED: Final = 1


def peer(connection: socket.socket) -> tuple[int, int | None]:
    """
    Return the user, and the process where the system tells it, at the other end of a Unix socket.

    Raises: OSError.
    """
    if sys.platform == "linux":
        process, user, _group = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    else:
        # macOS and FreeBSD: `struct xucred`, a version and then the user.
        process, user = None, struct.unpack_from("2I", connection.getsockopt(0, _LOCAL_PEERCRED, 76))[1]
    return user, process


def main() -> int:
    """Listen, leave a child behind, and end."""
    folder, name, seconds, length = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    until = time.time() + seconds
    _refuse_dumps()
    os.umask(0o177)
    # A socket's path may have 107 bytes, a folder's more.
    os.chdir(folder)
    listener = socket.socket(socket.AF_UNIX)
    own = f"{name}.{os.getpid()}"
    listener.bind(own)
    listener.listen()
    Path(own).replace(name)
    if os.fork():
        return 0
    # Again, for who connects to see this process; the memory only now, since locks are not inherited.
    listener.listen()
    secret = _locked_memory(length)
    try:
        if os.readv(0, [secret]) == length:
            for descriptor in (0, 1, 2):
                os.close(descriptor)
            _serve(listener, Path(name), secret, until)
    finally:
        ctypes.memset(secret, 0, length)
    return 0


def _refuse_dumps() -> None:
    """Keep the memory out of core dumps, and from the debuggers of the same user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _locked_memory(length: int) -> ctypes.Array[ctypes.c_char]:
    """Make room for the secret that is not swapped, where the system allows a page of it."""
    memory = ctypes.create_string_buffer(length)
    ctypes.CDLL(None).mlock(ctypes.byref(memory), ctypes.c_size_t(length))
    return memory


def _serve(listener: socket.socket, path: Path, secret: ctypes.Array[ctypes.c_char], until: float) -> None:
    own = path.stat().st_ino
    # The wall clock: while a laptop sleeps, a monotonic clock may stand still.
    while (left := until - time.time()) > 0:
        listener.settimeout(min(left, _LOOK_SECONDS))
        with contextlib.suppress(OSError):
            connection, _address = listener.accept()
            with connection:
                if not _answer(connection, secret):
                    break
        if not path.exists() or path.stat().st_ino != own:
            return
    path.unlink(missing_ok=True)


def _answer(connection: socket.socket, secret: ctypes.Array[ctypes.c_char]) -> bool:
    """Answer one process; return whether there may be a next."""
    connection.settimeout(_PATIENCE_SECONDS)
    if peer(connection)[0] != os.geteuid():
        return True
    asked = connection.recv(1)
    if asked == GET:
        connection.sendall(secret)
    return asked != QUIT


if __name__ == "__main__":
    sys.exit(main())
