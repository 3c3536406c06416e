"""Where the server listens, and the certificate that it makes."""

from __future__ import annotations

import socket
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from keywright.server.serving import ServeError, bind, is_loopback
from keywright.server.tls import self_signed

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.7", False),
        ("", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("::ffff:192.0.2.7", False),
    ],
)
def test_what_other_machines_reach(host: str, loopback: bool) -> None:
    """Only what is this machine's own is loopback; what is not sure is not."""
    assert is_loopback(host) is loopback


def test_a_free_port_is_taken() -> None:
    """Port 0 takes a free one, and it listens."""
    with bind("127.0.0.1", 0) as listener:
        host, port = listener.getsockname()
        assert (host, port > 0) == ("127.0.0.1", True)
        with socket.create_connection((host, port), timeout=5):
            pass


def test_a_port_in_use_is_one_line() -> None:
    """A port that somebody has is refused with what to do."""
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ServeError) as caught:
            bind("127.0.0.1", port)
    assert str(caught.value).startswith(f"port {port} on 127.0.0.1 is already in use")
    assert "--port" in str(caught.value)


def test_an_address_that_is_none_is_one_line() -> None:
    """A host that does not resolve, and one that is another machine's, are refused by name."""
    with pytest.raises(ServeError, match=r"no\.such\.host\.invalid"):
        bind("no.such.host.invalid", 0)
    with pytest.raises(ServeError, match=r"192\.0\.2\.7"):
        bind("192.0.2.7", 0)


def test_a_certificate_is_made_for_the_host(tmp_path: Path) -> None:
    """The certificate names the host and this machine, is its own authority, and its key is private."""
    certificate_file, key_file = self_signed(tmp_path / "tls", "keywright.example", NOW)
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "keywright.example" in names.get_values_for_type(x509.DNSName)
    assert {str(address) for address in names.get_values_for_type(x509.IPAddress)} >= {"127.0.0.1", "::1"}
    assert certificate.not_valid_before_utc < NOW < certificate.not_valid_after_utc
    assert {stat.S_IMODE(file.stat().st_mode) for file in (certificate_file, key_file)} == {0o600}
    context = ssl.create_default_context(cafile=certificate_file)
    assert context.cert_store_stats()["x509_ca"] == 1
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate_file, key_file)


def test_a_certificate_is_kept(tmp_path: Path) -> None:
    """The same host gets the same certificate, so that those who trust it go on to; near its end it gets a new one."""
    folder = tmp_path / "tls"
    file, _ = self_signed(folder, "localhost", NOW)
    first = file.read_bytes()
    self_signed(folder, "localhost", NOW + timedelta(days=300))
    assert file.read_bytes() == first
    self_signed(folder, "localhost", NOW + timedelta(days=380))
    assert file.read_bytes() != first


def test_another_host_gets_another_certificate(tmp_path: Path) -> None:
    """A certificate that lacks the host's name is replaced, key and all; nothing else is left."""
    folder = tmp_path / "tls"
    certificate_file, key_file = self_signed(folder, "localhost", NOW)
    before = certificate_file.read_bytes(), key_file.read_bytes()
    self_signed(folder, "other.example", NOW)
    assert certificate_file.read_bytes() != before[0]
    assert key_file.read_bytes() != before[1]
    assert {path.name for path in folder.iterdir()} == {"certificate.pem", "key.pem"}
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate_file, key_file)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_every_address_is_no_name(tmp_path: Path, host: str) -> None:
    """A server on every address is reached by this machine's names."""
    certificate_file, _ = self_signed(tmp_path / "tls", host, NOW)
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert host not in {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    assert socket.gethostname() in names.get_values_for_type(x509.DNSName)
