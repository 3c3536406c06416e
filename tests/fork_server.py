"""
Start commands of Python by a fork of a process that has imported what they import.

Run as a script, by the interpreter of the command: `fork_server.py SOCKET MODULE...`, where SOCKET is the number of a
listening socket; tests/forking.py is its other side, and holds its standard input: its end is this server's. A child
has the arguments, environment, folder, umask and standard streams that it is asked for, runs the very script, and ends
as the interpreter does.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import struct
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any, Final

LENGTH: Final = struct.Struct("!I")
NUMBER: Final = struct.Struct("!i")


def serve(listener: socket.socket) -> dict[str, Any] | None:
    """Fork a child for each request; give the request in a child, None once nobody can ask any more."""
    events = selectors.DefaultSelector()
    events.register(listener, selectors.EVENT_READ)
    events.register(0, selectors.EVENT_READ)
    children: dict[int, tuple[int, socket.socket]] = {}
    """By the descriptor that tells of its end: a child, and who asked for it."""
    ended: dict[int, tuple[int, socket.socket]] = {}
    """By a connection's descriptor: a child that has ended, and is not forgotten before its end was read."""
    while True:
        for ready, _ in events.select():
            number = ready.fd
            if number == 0:
                return None
            if number == listener.fileno():
                connection, _ = listener.accept()
                request, streams = receive(connection)
                child = os.fork()
                if child == 0:
                    events.close()
                    for one in (listener, connection, *(asker for _, asker in (*children.values(), *ended.values()))):
                        one.close()
                    for end in children:
                        os.close(end)
                    take_streams(streams)
                    return request
                for stream in streams:
                    os.close(stream)
                connection.sendall(NUMBER.pack(child))
                end = os.pidfd_open(child)
                children[end] = child, connection
                events.register(end, selectors.EVENT_READ)
            elif number in children:
                events.unregister(number)
                child, connection = children.pop(number)
                os.close(number)
                tell_end(child, connection)
                ended[connection.fileno()] = child, connection
                events.register(connection, selectors.EVENT_READ)
            else:
                # Whoever asked has heard, or is no more. Only now can the process's number be another's.
                events.unregister(number)
                child, connection = ended.pop(number)
                connection.close()
                os.waitpid(child, 0)


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Read a request, with the descriptors of the standard streams."""
    content, streams, _, _ = socket.recv_fds(connection, LENGTH.size, 3)
    (length,) = LENGTH.unpack(content)
    content = b""
    while len(content) < length:
        content += connection.recv(length - len(content))
    return json.loads(content), streams


def tell_end(child: int, connection: socket.socket) -> None:
    """Say how a child has ended, as `subprocess` does: its exit code, or its signal, negative."""
    told = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert told is not None  # INVARIANT: it has ended
    code = told.si_status if told.si_code == os.CLD_EXITED else -told.si_status
    with contextlib.suppress(OSError):
        connection.sendall(NUMBER.pack(code))


def take_streams(streams: list[int]) -> None:
    """Have the standard streams, as the interpreter makes them when it starts."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    opened = [
        open_stream(number, name, like.encoding, like.errors)
        for number, (name, like) in enumerate((("stdin", sys.stdin), ("stdout", sys.stdout), ("stderr", sys.stderr)))
    ]
    sys.stdin, sys.stdout, sys.stderr = opened
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = opened  # type: ignore[misc]


def open_stream(number: int, name: str, encoding: str, errors: str | None) -> io.TextIOWrapper:
    """Open one of them."""
    mode = "r" if number == 0 else "w"
    binary: Any = open(number, f"{mode}b", closefd=False)  # noqa: SIM115
    binary.raw.name = f"<{name}>"
    lines = number == 2 or binary.raw.isatty()
    text: Any = io.TextIOWrapper(binary, encoding=encoding, errors=errors, newline="\n", line_buffering=lines)
    text.mode = mode
    opened: io.TextIOWrapper = text
    return opened


def command_of(request: dict[str, Any], brought: dict[str, str]) -> Callable[[], object]:
    """Be the process that is asked for, with the variables that its imports bring; give its program."""
    if request["session"]:
        os.setsid()
    os.chdir(request["folder"])
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["environment"] | brought)
    time.tzset()
    script, *arguments = request["arguments"]
    if script == "-c":
        program, *arguments = arguments
        sys.argv, sys.path[0] = ["-c", *arguments], ""
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        main.__annotations__ = {}
        return lambda: exec(compile(program, "<string>", "exec"), main.__dict__)
    sys.argv, sys.path[0] = [script, *arguments], os.path.dirname(script)  # noqa: PTH120
    return lambda: runpy.run_path(script, run_name="__main__")


def run(command: Callable[[], object]) -> None:
    """
    Run a command to its end: of the process too, where it ends well.

    The interpreter would take itself apart, and for it copy every page that the child shares with its server: that took
    longer than most commands. What others see of its end is done: threads, exit functions, the streams' last words. Any
    other end is the interpreter's.
    """
    code: Any = 0
    try:
        command()
    except SystemExit as end:
        code = end.code or 0
        if not isinstance(code, int):
            raise
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except OSError:
        sys.exit(code)
    os._exit(code & 0xFF)


def load(name: str) -> None:
    """Import a module; with all that is in it where its name ends in `.*`."""
    module = importlib.import_module(name.removesuffix(".*"))
    if name.endswith(".*"):
        for found in pkgutil.walk_packages(module.__path__, f"{module.__name__}."):
            if not found.name.endswith(".__main__"):
                importlib.import_module(found.name)


def main() -> None:
    """Import, serve; in a child, be the command."""
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        sys.path[0] = ""
        before = dict(os.environ)
        for name in sys.argv[2:]:
            load(name)
        brought = {name: value for name, value in os.environ.items() if before.get(name) != value}
        gc.collect()
        gc.freeze()
        try:
            request = serve(listener)
        except KeyboardInterrupt:
            # Of the terminal, for whoever runs the tests; the children have got it too.
            request = None
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    if request is not None:
        run(command_of(request, brought))


if __name__ == "__main__":
    main()
