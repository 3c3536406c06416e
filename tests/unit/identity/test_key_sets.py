"""Keys of OIDC providers: fetched over TLS that is verified, or read from a file."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import http.server
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from keywright.identity.fetching import Busy, KeySetError, Unreachable, WrongThumbprint
from keywright.identity.key_sets import KeySets, Provider
from keywright.identity.provider_addresses import is_permitted

NOW = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))
KEYS = [{"kid": "k1", "kty": "RSA"}]


def certificate(
    name: str, key: Any, issuer: x509.Certificate | None, issuer_key: Any, *, is_authority: bool
) -> x509.Certificate:
    """Make a certificate, good from yesterday till tomorrow."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


class Idp:
    """A provider's server, with a certificate under an authority that nobody knows."""

    def __init__(self, folder: Path, shown: x509.Certificate | None = None) -> None:
        authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.authority = certificate("authority", authority_key, None, authority_key, is_authority=True)
        self.own = certificate("localhost", key, self.authority, authority_key, is_authority=False)
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        chain, key_file = folder / "chain.pem", folder / "key.pem"
        chain.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in (self.own, shown or self.authority)))
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        idp = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                idp.asked.append(self.path)
                status, body = idp.answers.get(self.path, (404, b""))
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key_file)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.host = f"localhost:{self.server.server_port}"
        self.answers["/.well-known/openid-configuration"] = self.json({"jwks_uri": f"https://{self.host}/keys"})
        self.answers["/keys"] = self.json({"keys": KEYS})

    @staticmethod
    def json(value: Any) -> tuple[int, bytes]:
        """Answer a document."""
        return 200, json.dumps(value).encode()

    def provider(self, *pinned: x509.Certificate) -> Provider:
        """Describe the provider, by the thumbprints of certificates."""
        thumbprints = (hashlib.sha1(one.public_bytes(Encoding.DER)).hexdigest() for one in pinned)
        return Provider(self.host, tuple(thumbprints))


@pytest.fixture
def idp(tmp_path: Path) -> Iterator[Idp]:
    """A provider's server."""
    made = Idp(tmp_path)
    yield made
    made.server.shutdown()
    made.server.server_close()


def find(sets: KeySets, provider: Provider, key_id: str | None = None, now: datetime = NOW) -> Any:
    """Ask for keys once."""
    return asyncio.run(sets.find(ACCOUNT, provider, key_id, now))


def test_a_pinned_certificate_is_trusted(idp: Idp) -> None:
    """A thumbprint of the server's own certificate, or of the authority above it, lets its keys be fetched."""
    assert find(KeySets(None, LOOPBACK), idp.provider(idp.own)) == KEYS
    assert find(KeySets(None, LOOPBACK), idp.provider(idp.authority)) == KEYS


def test_a_certificate_that_nobody_vouches_for(idp: Idp, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without a thumbprint, or with another's, it is not trusted."""
    another = Idp(tmp_path_factory.mktemp("another"))
    for provider in (idp.provider(), idp.provider(another.own, another.authority)):
        with pytest.raises(WrongThumbprint):
            find(KeySets(None, LOOPBACK), provider)
    assert idp.asked == []
    another.server.shutdown()
    another.server.server_close()


def test_showing_a_pinned_certificate_is_not_enough(idp: Idp, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever shows the pinned authority beside a certificate that it did not sign is not believed."""
    liar = Idp(tmp_path_factory.mktemp("liar"), shown=idp.authority)
    with pytest.raises(Unreachable):
        find(KeySets(None, LOOPBACK), liar.provider(idp.authority))
    assert liar.asked == []
    liar.server.shutdown()
    liar.server.server_close()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (404, b"")),
        ("/.well-known/openid-configuration", (302, b"")),
        ("/.well-known/openid-configuration", (200, b"no json")),
        ("/.well-known/openid-configuration", (200, b"[]")),
        ("/.well-known/openid-configuration", (200, b"{}")),
        ("/.well-known/openid-configuration", (200, b'{"jwks_uri": "http://localhost/keys"}')),
        ("/.well-known/openid-configuration", (200, b'{"jwks_uri": "file:///etc/passwd"}')),
        ("/keys", (500, b"")),
        ("/keys", (200, b"{}")),
        ("/keys", (200, b'{"keys": [' + b",".join([b"{}"] * 201) + b"]}")),
        ("/keys", (200, b'{"keys": 1}')),
        ("/keys", (200, b'{"keys": []}' + b" " * 65_536)),
    ],
)
def test_answers_that_are_no_keys(idp: Idp, path: str, answer: tuple[int, bytes]) -> None:
    """Whatever is not a key set, found by https, is a KeySetError."""
    idp.answers[path] = answer
    with pytest.raises(KeySetError):
        find(KeySets(None, LOOPBACK), idp.provider(idp.own))


def test_nobody_answers() -> None:
    """A provider that is not there is unreachable."""
    with pytest.raises(Unreachable):
        find(KeySets(None, LOOPBACK), Provider("localhost:1", ()))


def test_keys_are_kept_for_a_while(idp: Idp) -> None:
    """They are fetched once in ten minutes, and sooner for a key that is not among them."""
    sets, provider = KeySets(None, LOOPBACK), idp.provider(idp.own)

    async def ask() -> None:
        for key_id, seconds, fetches in (
            ("k1", 0, 1),
            ("k1", 500, 1),
            (None, 500, 1),
            ("k2", 5, 1),
            ("k2", 20, 2),
            ("k1", 700, 3),
        ):
            await sets.find(ACCOUNT, provider, key_id, NOW + timedelta(seconds=seconds))
            assert idp.asked.count("/keys") == fetches, (key_id, seconds)

    asyncio.run(ask())


def test_those_who_ask_at_once_share_a_fetch(idp: Idp) -> None:
    """Twenty requests at the same time fetch the keys once."""
    sets, provider = KeySets(None, LOOPBACK), idp.provider(idp.own)

    async def ask() -> None:
        found = await asyncio.gather(*(sets.find(ACCOUNT, provider, "k1", NOW) for _ in range(20)))
        assert all(keys == KEYS for keys in found)

    asyncio.run(ask())
    assert idp.asked.count("/keys") == 1


def test_a_file_is_read_and_nothing_is_fetched(tmp_path: Path) -> None:
    """The keys of https://HOST/PATH stand in HOST/PATH.json, and no network is asked."""
    file = tmp_path / "idp.invalid" / "tenants" / "1.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"keys": KEYS}))
    assert find(KeySets(tmp_path), Provider("idp.invalid/tenants/1", ())) == KEYS
    file.write_text("no json")
    with pytest.raises(KeySetError):
        find(KeySets(tmp_path), Provider("idp.invalid/tenants/1", ()))


@pytest.mark.parametrize("url", ["../secret", "a/../../secret", "/secret", "."])
def test_no_file_outside_of_the_folder_is_read(tmp_path: Path, url: str) -> None:
    """A provider's URL does not lead out of the folder."""
    (tmp_path / "secret.json").write_text(json.dumps({"keys": KEYS}))
    folder = tmp_path / "jwks"
    folder.mkdir()
    with pytest.raises(KeySetError):
        find(KeySets(folder), Provider(url, ()))


@pytest.fixture
def silent() -> Iterator[str]:
    """A provider that takes connections, and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield f"localhost:{listener.getsockname()[1]}"


def test_an_account_has_its_share(silent: str, idp: Idp) -> None:
    """Two slow fetches are one account's share: its third is refused at once, and others' are not touched."""
    sets = KeySets(None, LOOPBACK, fetch_seconds=3)

    async def ask() -> None:
        slow = [asyncio.create_task(sets.find(ACCOUNT, Provider(f"{silent}/{n}", ()), None, NOW)) for n in range(6)]
        began = time.monotonic()
        assert await sets.find("444455556666", idp.provider(idp.own), None, NOW) == KEYS
        assert sum(one.done() for one in slow) == 4
        assert time.monotonic() - began < 2.5
        results = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(one, Unreachable) for one in results)
        assert sum(isinstance(one, Busy) for one in results) == 4
        assert time.monotonic() - began < 6

    asyncio.run(ask())


def test_a_drip_does_not_prolong_a_fetch(idp: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then, each in time, does not keep a fetch beyond its one deadline; nor does its thread stay."""

    def drip(handler: Any) -> None:
        with contextlib.suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(200):
                handler.wfile.write(b" ")
                time.sleep(0.05)

    monkeypatch.setattr(idp.server.RequestHandlerClass, "do_GET", drip)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        find(KeySets(None, LOOPBACK, fetch_seconds=1), idp.provider(idp.own))
    assert time.monotonic() - began < 4
    while any(thread.name == "fetch" for thread in threading.enumerate()):
        assert time.monotonic() - began < 8
        time.sleep(0.02)


def test_failures_are_kept_for_a_while(idp: Idp) -> None:
    """What failed is not asked again for half a minute."""
    sets, provider = KeySets(None, LOOPBACK), idp.provider(idp.own)
    idp.answers["/keys"] = (500, b"")

    async def ask() -> None:
        for seconds, fetches in ((0, 1), (29, 1), (31, 2)):
            with pytest.raises(KeySetError):
                await sets.find(ACCOUNT, provider, "k1", NOW + timedelta(seconds=seconds))
            assert idp.asked.count("/keys") == fetches

    asyncio.run(ask())


def test_no_provider_in_the_servers_own_network(idp: Idp) -> None:
    """Without the administrator's word nothing is asked at an address that is not public, whatever its name."""
    with pytest.raises(Unreachable, match="--federation-networks"):
        find(KeySets(None), idp.provider(idp.own))
    assert idp.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
        *("0.0.0.0", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1"),
        *("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "fec0::1"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    """Loopback, link-local, private, shared, multicast, and IPv6 that leads to these, is asked only where listed."""
    assert not is_permitted(address, ())
    assert is_permitted("10.1.2.3", [ip_network("10.1.0.0/16")])
    assert is_permitted("::ffff:10.1.2.3", [ip_network("10.1.0.0/16")])
    assert is_permitted("93.184.216.34", ())
    assert is_permitted("2606:2800:220:1:248:1893:25c8:1946", ())


def test_the_name_is_resolved_once(idp: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked is what is connected to: a name that changes between the two changes nothing."""
    true, asked = socket.getaddrinfo, []

    def resolve(*arguments: Any, **options: Any) -> Any:
        asked.append(arguments[0])
        return true(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    idp.answers["/.well-known/openid-configuration"] = (404, b"")
    with pytest.raises(KeySetError):
        find(KeySets(None, LOOPBACK), idp.provider(idp.own))
    assert asked == ["localhost"]
