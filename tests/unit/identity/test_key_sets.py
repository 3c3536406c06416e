"""Keys of OIDC providers: fetched over TLS that is verified, or read from a file."""

from __future__ import annotations

import asyncio
import hashlib
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from keywright.identity.key_sets import KeySetError, KeySets, Provider, Unreachable, WrongThumbprint

NOW = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
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
    return asyncio.run(sets.find(provider, key_id, now))


def test_a_pinned_certificate_is_trusted(idp: Idp) -> None:
    """A thumbprint of the server's own certificate, or of the authority above it, lets its keys be fetched."""
    assert find(KeySets(None), idp.provider(idp.own)) == KEYS
    assert find(KeySets(None), idp.provider(idp.authority)) == KEYS


def test_a_certificate_that_nobody_vouches_for(idp: Idp, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without a thumbprint, or with another's, it is not trusted."""
    another = Idp(tmp_path_factory.mktemp("another"))
    for provider in (idp.provider(), idp.provider(another.own, another.authority)):
        with pytest.raises(WrongThumbprint):
            find(KeySets(None), provider)
    assert idp.asked == []
    another.server.shutdown()
    another.server.server_close()


def test_showing_a_pinned_certificate_is_not_enough(idp: Idp, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever shows the pinned authority beside a certificate that it did not sign is not believed."""
    liar = Idp(tmp_path_factory.mktemp("liar"), shown=idp.authority)
    with pytest.raises(Unreachable):
        find(KeySets(None), liar.provider(idp.authority))
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
        ("/keys", (200, b'{"keys": 1}')),
        ("/keys", (200, b" " * 1_000_001)),
    ],
)
def test_answers_that_are_no_keys(idp: Idp, path: str, answer: tuple[int, bytes]) -> None:
    """Whatever is not a key set, found by https, is a KeySetError."""
    idp.answers[path] = answer
    with pytest.raises(KeySetError):
        find(KeySets(None), idp.provider(idp.own))


def test_nobody_answers() -> None:
    """A provider that is not there is unreachable."""
    with pytest.raises(Unreachable):
        find(KeySets(None), Provider("localhost:1", ()))


def test_keys_are_kept_for_a_while(idp: Idp) -> None:
    """They are fetched once in ten minutes, and sooner for a key that is not among them."""
    sets, provider = KeySets(None), idp.provider(idp.own)

    async def ask() -> None:
        for key_id, seconds, fetches in (
            ("k1", 0, 1),
            ("k1", 500, 1),
            (None, 500, 1),
            ("k2", 5, 1),
            ("k2", 20, 2),
            ("k1", 700, 3),
        ):
            await sets.find(provider, key_id, NOW + timedelta(seconds=seconds))
            assert idp.asked.count("/keys") == fetches, (key_id, seconds)

    asyncio.run(ask())


def test_those_who_ask_at_once_share_a_fetch(idp: Idp) -> None:
    """Twenty requests at the same time fetch the keys once."""
    sets, provider = KeySets(None), idp.provider(idp.own)

    async def ask() -> None:
        found = await asyncio.gather(*(sets.find(provider, "k1", NOW) for _ in range(20)))
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
