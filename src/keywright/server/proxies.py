"""Whose request a proxy brings: what is believed of X-Forwarded-For, and from whom."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network


class TrustedProxies:
    """The proxies whose word is taken. Anybody else's headers are what anybody can write."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks: Final = tuple(networks)

    def client(self, peer: str, headers: dict[bytes, bytes], *, secure: bool) -> tuple[str, bool]:
        """
        Tell the client's address, and whether it came by TLS.

        The last address in X-Forwarded-For that is not a trusted proxy's own: what stands before it the client itself
        may have written. X-Forwarded-Proto is believed of the proxy that connected.
        """
        if not self.trusts(peer):
            return peer, secure
        protocol = headers.get(b"x-forwarded-proto", b"").rpartition(b",")[2].strip().lower()
        address = peer
        for text in reversed(headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
            hop = _without_port(text.strip())
            if not _is_address(hop):
                break
            address = hop
            if not self.trusts(hop):
                break
        return address, protocol == b"https" if protocol else secure

    def trusts(self, text: str) -> bool:
        """Return whether an address is one of the proxies'."""
        if not _is_address(text):
            return False
        address = ip_address(text)
        return any(address.version == network.version and address in network for network in self._networks)


def read_networks(text: str) -> tuple[Network, ...]:
    """Read networks in CIDR form, separated by commas. Raises ValueError for what is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _without_port(text: str) -> str:
    """Leave out the port that some proxies write: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
