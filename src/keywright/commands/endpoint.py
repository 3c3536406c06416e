"""The address at which `serve` answers: that of a running server, and the one that its settings name beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from keywright.server.settings import Settings


class Endpoint(NamedTuple):
    """Where clients connect, and the certificate that they must trust."""

    url: str
    ca_bundle: Path | None = None
    """None where the system's certificate authorities do, or an authority that the administrator knows."""

    def profile_options(self) -> dict[str, str]:
        """Return a profile's options for this endpoint."""
        bundle = {"ca_bundle": str(self.ca_bundle)} if self.ca_bundle else {}
        return {"region": "us-east-1", "output": "json", "endpoint_url": self.url} | bundle


def endpoint_url(host: str, port: int, *, secure: bool) -> str:
    """Return the URL of a server that listens on this address and port."""
    name = "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"{'https' if secure else 'http'}://{f'[{name}]' if ':' in name else name}:{port}"


def own_certificate(folder: Path) -> Path:
    """Return where `--tls auto` keeps the certificate that clients must trust."""
    return folder / "tls" / "certificate.pem"


def planned_endpoint(settings: Settings, folder: Path, environment: Mapping[str, str]) -> Endpoint | None:
    """
    Return the endpoint of a server that is yet to be started: AWS_ENDPOINT_URL, else what `serve` will use.

    None with port 0: which port that is, only the start will tell.
    """
    named = environment.get("AWS_ENDPOINT_URL")
    if named:
        return Endpoint(named)
    if not settings.port:
        return None
    secure = settings.tls is not None or settings.tls_cert is not None
    url = endpoint_url(settings.host, settings.port, secure=secure)
    return Endpoint(url, own_certificate(folder) if settings.tls else None)
