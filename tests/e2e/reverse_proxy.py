"""A reverse proxy of Debian's with the configuration that deploy/ shows, as an unprivileged process on free ports."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Self

from keywright.server.tls import self_signed

Kind = Literal["nginx", "caddy"]
KINDS: Final[tuple[Kind, ...]] = ("nginx", "caddy")
ROOT: Final = Path(__file__).parents[2]
_NOBODY: Final = 65534
_SECONDS: Final = 20
# What /etc/nginx/nginx.conf is around a site, with the paths that only root could write to led elsewhere.
_NGINX: Final = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/keywright.conf;
}}
"""


def program(kind: Kind) -> str | None:
    """Find the proxy's program; Debian's nginx is where only root's PATH leads."""
    return shutil.which(kind, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


class ReverseProxy:
    """A running proxy in front of a server; the sample's ports, paths, host and certificate are the test's own."""

    def __init__(self, kind: Kind, upstream_port: int) -> None:
        self._kind: Final = kind
        self.folder: Final = Path(tempfile.mkdtemp(prefix=f"keywright-{kind}-"))
        self.http_port, self.port = _free_ports()
        self.url: Final = f"https://localhost:{self.port}"
        certificate, key = self_signed(self.folder / "tls", "localhost", datetime.now(UTC))
        self.certificate: Final = certificate
        command = self._nginx(upstream_port, key) if kind == "nginx" else self._caddy(upstream_port, key)
        owner = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        if owner:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, _NOBODY, _NOBODY)
        with (self.folder / "output").open("wb") as output:
            self._process: Final = subprocess.Popen(
                command,
                cwd=self.folder,
                env={
                    "HOME": str(self.folder),
                    "PATH": os.environ["PATH"],
                    "CADDY_ADMIN": f"unix/{self.folder}/admin.sock",
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **owner,  # type: ignore[call-overload]
            )
        self._wait()

    def _nginx(self, upstream_port: int, key: Path) -> list[str]:
        sample = _substituted(
            ROOT / "deploy/nginx/keywright.conf",
            {
                "listen 80;": f"listen 127.0.0.1:{self.http_port};",
                "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
                "server_name iam.example.com;": "server_name localhost;",
                "/etc/ssl/certs/iam.example.com.pem": str(self.certificate),
                "/etc/ssl/private/iam.example.com.key": str(key),
                "/var/log/nginx/": f"{self.folder}/",
                "http://127.0.0.1:4580;": f"http://127.0.0.1:{upstream_port};",
            },
        )
        (self.folder / "keywright.conf").write_text(sample)
        (self.folder / "nginx.conf").write_text(_NGINX.format(folder=self.folder))
        found = program("nginx")
        assert found
        return [found, "-e", "stderr", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def _caddy(self, upstream_port: int, key: Path) -> list[str]:
        sample = _substituted(
            ROOT / "deploy/caddy/Caddyfile",
            {
                "http_port 80\n": f"http_port {self.http_port}\n",
                "https_port 443\n": f"https_port {self.port}\n",
                "\niam.example.com {": "\nlocalhost {",
                "/etc/caddy/iam.example.com.pem": str(self.certificate),
                "/etc/caddy/iam.example.com.key": str(key),
                "reverse_proxy 127.0.0.1:4580\n": f"reverse_proxy 127.0.0.1:{upstream_port}\n",
            },
        )
        (self.folder / "Caddyfile").write_text(sample)
        found = program("caddy")
        assert found
        return [found, "run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"]

    def _wait(self) -> None:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.written()
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        raise AssertionError(self.written())

    def written(self) -> str:
        """Read all that the proxy has written: its output and its logs."""
        logs = (self.folder / "output", *self.folder.glob("*.log"))
        return "".join(path.read_text() for path in logs)

    def stop(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)


def _substituted(sample: Path, values: dict[str, str]) -> str:
    text = sample.read_text()
    for old, new in values.items():
        assert old in text, f"{sample} has no {old!r} any more"
        text = text.replace(old, new)
    return text


def _free_ports() -> tuple[int, int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as one, closing(socket.create_server(("127.0.0.1", 0))) as two:
        return one.getsockname()[1], two.getsockname()[1]
