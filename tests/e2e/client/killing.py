"""
Kill a command by SIGKILL: once a call of the service is answered, or once it has changed a file.

Just before the next call or change there is, on the server and on the disk, what there was after the last.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.e2e.live_server import KEYWRIGHT, bare_environment

_HOP_BY_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_AT_A_FILE: Final = """
import os, signal, stat, sys
from keywright.commands.main import main

left = int(sys.argv[1])

def counted(real, counts=lambda *_: True):
    def call(*arguments, **keywords):
        global left
        left -= counts(*arguments)
        try:
            return real(*arguments, **keywords)
        finally:
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    return call

def is_file(descriptor):
    return stat.S_ISREG(os.fstat(descriptor).st_mode)

def is_kept(path, *_):
    return ".keywright-probe-" not in os.fspath(path)

os.replace, os.unlink, os.fsync = counted(os.replace), counted(os.unlink, is_kept), counted(os.fsync, is_file)
sys.exit(main(sys.argv[2:]))
"""


class Proxy:
    """Stands between a command and the server, and kills the command at a call of its choice."""

    def __init__(self, server_url: str) -> None:
        self.url = ""
        self._to: Final = urlsplit(server_url).netloc
        self._victim: subprocess.Popen[str] | None = None
        self._left = 0
        self._lock: Final = threading.Lock()

    def killed_at_a_call(
        self, home: Path, arguments: tuple[str, ...], variables: Mapping[str, str], call: int
    ) -> tuple[int, str]:
        """Run our command and kill it instead of giving it its n-th answer; gives code and errors."""
        with self._lock:
            # Nothing passes before there is somebody to kill.
            self._left = call
            self._victim = _start([str(KEYWRIGHT), *arguments], home, variables)
        try:
            _, errors = self._victim.communicate(timeout=60)
            return self._victim.returncode, errors
        finally:
            self._victim, self._left = None, 0

    def pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        """Let a request through, or be the end of whoever sent it."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self._lock:
            self._left -= 1
            chosen = self._left == 0 and self._victim is not None
        connection = http.client.HTTPConnection(self._to, timeout=30)
        try:
            connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
            for name, value in handler.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if chosen:
            assert self._victim is not None
            self._victim.kill()
            handler.close_connection = True
            return
        handler.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


@contextmanager
def killing_proxy(server_url: str) -> Iterator[Proxy]:
    """Run a proxy before a server."""
    proxy = Proxy(server_url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            proxy.pass_on(self)

        def do_GET(self) -> None:
            proxy.pass_on(self)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        listener.daemon_threads = True
        proxy.url = f"http://127.0.0.1:{listener.server_port}"
        thread = threading.Thread(target=listener.serve_forever, daemon=True)
        thread.start()
        yield proxy
        listener.shutdown()
        thread.join()


def killed_at_a_file(
    home: Path, arguments: tuple[str, ...], variables: Mapping[str, str], change: int
) -> tuple[int, str]:
    """Run our command and kill it after the n-th time that it changes a file; gives code and errors."""
    victim = _start([sys.executable, "-c", _AT_A_FILE, str(change), *arguments], home, variables)
    _, errors = victim.communicate(timeout=60)
    return victim.returncode, errors


def _start(command: list[str], home: Path, variables: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        env=bare_environment(home, **variables),
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
