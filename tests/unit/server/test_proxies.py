"""Whose address a request is from, with proxies in front and without."""

from __future__ import annotations

import pytest

from keywright.server.proxies import TrustedProxies, read_networks
from keywright.server.settings import SettingError, read_settings

PROXIES = TrustedProxies(read_networks("10.0.0.0/8, 2001:db8::/32"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8::1", "[2001:db9::7]:4711", "2001:db9::7"),
        ("2001:db8::1", "2001:db9::7", "2001:db9::7"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, unknown, 10.2.2.2", "10.2.2.2"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_last_address_that_is_not_a_proxys(peer: str, forwarded: str | None, client: str) -> None:
    """What a trusted proxy saw counts, back to the first address that is nobody's whom we trust."""
    headers = {} if forwarded is None else {b"x-forwarded-for": forwarded.encode()}
    assert PROXIES.client(peer, headers, secure=False) == (client, False)


@pytest.mark.parametrize(
    ("peer", "protocol", "secure", "expected"),
    [
        ("10.0.0.1", b"https", False, True),
        ("10.0.0.1", b"http, https", False, True),
        ("10.0.0.1", b"http", True, False),
        ("10.0.0.1", None, True, True),
        ("203.0.113.9", b"https", False, False),
    ],
)
def test_a_proxy_says_whether_the_client_used_tls(
    peer: str,
    protocol: bytes | None,
    secure: bool,
    expected: bool,
) -> None:
    """X-Forwarded-Proto is believed of a trusted proxy, and of nobody else."""
    headers = {} if protocol is None else {b"x-forwarded-proto": protocol}
    assert PROXIES.client(peer, headers, secure=secure)[1] is expected


def test_the_setting_takes_networks() -> None:
    """--trusted-proxies is a list of networks; what is none of them is refused with its name."""
    settings = read_settings({"trusted_proxies": "10.0.0.0/8,2001:db8::/32"}, {})
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "2001:db8::/32"]
    assert read_settings({}, {}).trusted_proxies == ()
    with pytest.raises(SettingError, match="--trusted-proxies"):
        read_settings({}, {"KEYWRIGHT_TRUSTED_PROXIES": "10.0.0.1/8"})
