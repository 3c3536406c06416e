"""Keys in escapes, encodings and archives: found, on their lines, and nothing is found where only the form is alike."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keywright.client.scan import unpacking
from keywright.client.scan.baseline import write_baseline
from keywright.client.scan.detector import Hit
from keywright.client.scan.scanning import scan_files
from keywright.client.scan.stream import Looking, hits_in
from tests.unit.client.leak_forms import FORMS, look_alikes
from tests.unit.client.leaks import new_leak
from tests.unit.client.repositories import env_file


def in_pieces(content: bytes, size: int) -> Iterator[bytes]:
    """Cut."""
    return (content[at : at + size] for at in range(0, len(content), size))


def told(hits: list[Hit]) -> list[tuple[str | None, str | None, int]]:
    """Give what is known of each."""
    return [(one.access_key_id, None if one.secret is None else one.secret.reveal(), one.line) for one in hits]


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    """A key is found once, with its secret, whole and in pieces, whatever the form in which it leaked."""
    leak = new_leak()
    content = FORMS[form](leak)
    refused: list[str] = []
    found = told(list(hits_in([content], Looking(refuse=refused.append))))
    key_id = None if "lone" in Path(form).stem.split("-") else leak.id
    assert [one[:2] for one in found] == [(key_id, leak.secret)]
    assert told(list(hits_in(in_pieces(content, 37)))) == found
    assert refused == []


@pytest.mark.parametrize(
    ("form", "line", "within"),
    [
        (".env", 0, None),
        ("environ", 0, None),
        ("no-bom-be.txt", 2, "UTF-16"),
        ("secret.yaml", 5, "base64"),
        ("env.gz", 2, "gzip"),
        ("deflated.zip", 2, "zip: config/.env"),
        ("outer.zip", 2, "zip: inner.zip, zip: .env"),
        ("logs.zip", 2, "zip: 1.log.gz, gzip"),
        ("home.tar.xz", 1, "xz"),
    ],
)
def test_where(form: str, line: int, within: str | None) -> None:
    """It is told what a key was wrapped in, and its line there."""
    (hit,) = hits_in([FORMS[form](new_leak())])
    assert (hit.line, hit.within) == (line, within)


def test_lines_after_base64() -> None:
    """Lines of base64 count as they stand in the file."""
    before, after = new_leak(), new_leak()
    content = FORMS["env.b64"](before) + b"\n" + env_file(after).encode()
    assert content.count(b"\n") > 4
    found = told(list(hits_in([content])))
    assert found[0] == (before.id, before.secret, 0)
    assert found[1] == (after.id, after.secret, content[: content.index(after.id.encode())].count(b"\n"))


@pytest.mark.parametrize("name", look_alikes(new_leak()))
def test_look_alikes(name: str) -> None:
    """Examples, digests, images and the rest hold nothing, whole and in pieces."""
    content = look_alikes(new_leak())[name]
    assert list(hits_in([content])) == []
    assert list(hits_in(in_pieces(content, 999))) == []


def test_ids_alone() -> None:
    """An id without a secret is found where it is asked for, in plain text and in base64; the example's is not."""
    leak = new_leak()
    alone = {
        name: [one.access_key_id for one in hits_in([content], Looking(ids_alone=True))]
        for name, content in look_alikes(leak).items()
    }
    assert {name: ids for name, ids in alone.items() if ids} == {"id-alone.txt": [leak.id], "presigned.txt": [leak.id]}
    (hit,) = hits_in([FORMS["secret.yaml"](leak).partition(b"  secret-key")[0]], Looking(ids_alone=True))
    assert (hit.rule_id, hit.access_key_id, hit.secret) == ("live-key-id", leak.id, None)
    (whole,) = hits_in([env_file(leak).encode()], Looking(ids_alone=True))
    assert whole.rule_id == "leaked-key"


def zeros(megabytes: int) -> bytes:
    """Pack nothing but zeros, a thousandfold."""
    return gzip.compress(bytes(megabytes << 20))


def zipped(members: dict[str, bytes]) -> bytes:
    """Pack."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.long
@pytest.mark.parametrize(
    "pack",
    [
        lambda: zeros(200),
        lambda: zipped({f"{n}.gz": zeros(20) for n in range(20)}),
        lambda: gzip.compress(zeros(500)),
    ],
    ids=["gzip", "zip", "twice"],
)
def test_bombs(pack: Callable[[], bytes]) -> None:
    """What unpacks to far more than it is, nested too, is given up, in little memory, and said to be."""
    bomb = pack()
    refused: list[str] = []
    tracemalloc.start()
    assert list(hits_in([bomb], Looking(refuse=refused.append))) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert any("unpacks to more than" in one for one in refused)
    assert peak < 12 << 20


def test_what_packs_well_is_no_bomb() -> None:
    """A long text of like lines, whose key is at its end, is read to that end."""
    leak = new_leak()
    content = b"".join(b"%d GET /index.html 200\n" % n for n in range(1_000_000)) + env_file(leak).encode()
    refused: list[str] = []
    (hit,) = hits_in(in_pieces(gzip.compress(content), 9_999), Looking(refuse=refused.append))
    assert (hit.access_key_id, hit.line) == (leak.id, 1_000_000)
    assert refused == []


def test_packed_too_often() -> None:
    """An archive in an archive is opened; what is in a third is not, and that is said."""
    inner = FORMS["env.gz"](new_leak())
    refused: list[str] = []
    looking = Looking(refuse=refused.append)
    assert len(list(hits_in([gzip.compress(inner)], looking))) == 1
    assert refused == []
    assert list(hits_in([gzip.compress(gzip.compress(inner))], looking)) == []
    assert "packed too often" in refused[0]


def test_what_cannot_be_unpacked(tmp_path: Path) -> None:
    """An archive that is cut off, broken or encrypted is named among the unread; what can be read of it is."""
    leak = new_leak()
    whole = zipped({".env": env_file(leak).encode(), "b.txt": b"x" * 100})
    encrypted = bytearray(whole)
    encrypted[6] |= 1
    second = whole.index(b"PK\x03\x04", 4)
    (tmp_path / "cut.zip").write_bytes(whole[: second + 20])
    (tmp_path / "encrypted.zip").write_bytes(encrypted)
    (tmp_path / "cut.gz").write_bytes(FORMS["env.gz"](leak)[:-12])
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08" + b"x" * 100)
    (tmp_path / "broken.xz").write_bytes(b"\xfd7zXZ\0" + b"x" * 100)
    (tmp_path / "nothing.gz").write_bytes(b"\x1f\x8b\x08")
    scanned = scan_files([str(tmp_path)], lambda _more: None)
    assert {(Path(one.path or "").name, one.access_key_id) for one in scanned.findings} >= {("cut.zip", leak.id)}
    assert {Path(one.partition(": ")[0]).name for one in scanned.unread} == {one.name for one in tmp_path.iterdir()}
    assert any("encrypted" in one for one in scanned.unread)


def test_large_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members are read in pieces, stored or packed, and sizes of 64 bits are understood."""
    monkeypatch.setattr(unpacking, "PIECE", 1000)
    leak = new_leak()
    content = b"a line of text\n" * 2_000 + env_file(leak).encode()
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = tmp_path / f"{method}.zip"
        with zipfile.ZipFile(path, "w", method) as archive:
            with archive.open("first.txt", "w", force_zip64=True) as member:
                member.write(b"x" * 5_000)
            archive.writestr("second.txt", content)
        (hit,) = hits_in(in_pieces(path.read_bytes(), 777))
        assert (hit.access_key_id, hit.line, hit.within) == (leak.id, 2_000, "zip: second.txt")


def test_a_baseline_is_no_finding(tmp_path: Path) -> None:
    """The ids that a baseline names are not found in it, however old it is."""
    leak = new_leak()
    (tmp_path / "a.env").write_bytes(env_file(leak).encode())
    baseline = tmp_path / "known.json"
    write_baseline(baseline, scan_files([str(tmp_path / "a.env")], lambda _more: None).findings)
    assert leak.id.encode() in baseline.read_bytes()
    assert list(hits_in([baseline.read_bytes()], Looking(ids_alone=True))) == []


def test_a_real_id_of_few_letters() -> None:
    """A real id may repeat letters: one in some thousand has fewer than three bits a character, and is found."""
    leak = new_leak()._replace(id="AKIA" + "TRAAKSJA2AAKS6AM")
    assert [hit.access_key_id for hit in hits_in([env_file(leak).encode()], Looking())] == [leak.id]
