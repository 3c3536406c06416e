"""What is a leaked key, and what is none; in whole texts and in pieces."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.client.scan.detector import Hit, find
from keywright.client.scan.scanning import scan_files
from keywright.client.scan.stream import hits_in, pieces_of
from tests.unit.client.leaks import Leak, new_leak

EXAMPLE = Leak("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
PAIRS = {
    "credentials file": "[a]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n",
    "other way round": "aws_secret_access_key = {secret}\naws_access_key_id = {id}\n",
    "env": "AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={secret}\n",
    "export with quotes": "export AWS_ACCESS_KEY_ID='{id}'\nexport AWS_SECRET_ACCESS_KEY=\"{secret}\"\r\n",
    "console's file": "\ufeffAccess key ID,Secret access key\r\n{id},{secret}",
    "old console's file": "User name,Password,Access key ID,Secret access key\r\nbob,,{id},{secret},https://x\r\n",
    "JSON": '{{"AccessKey": {{"AccessKeyId": "{id}",\n"CreateDate": 1,\n"SecretAccessKey": "{secret}"}}}}',
    "YAML": "key: {id}\nsecret: {secret}\n",
    "Python": 'boto3.client("s3", aws_access_key_id="{id}", aws_secret_access_key="{secret}")\n',
    "Java": 'new BasicAWSCredentials("{id}", "{secret}");',
    "XML": "<AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>",
    "URL": "s3://{id}:{secret}@bucket/x",
    "nameless": "{id} {secret}\n",
    "Terraform's state": '"id": "{id}",\n"key_fingerprint": null,\n"pgp_key": null,\n"secret": "{secret}",\n',
}
LONE = {
    "ini": "aws_secret_access_key = {secret}\n",
    "env": "AWS_SECRET_ACCESS_KEY={secret}\n",
    "suffix": "AWS_SECRET_ACCESS_KEY_PROD: '{secret}'\n",
    "code": 'os.environ["AWS_SECRET_ACCESS_KEY"] = "{secret}"\n',
    "camel case": 'secretAccessKey: "{secret}",\n',
    "typed": "aws_secret_access_key: str = '{secret}'\n",
    "Docker": "ENV AWS_SECRET_ACCESS_KEY {secret}\n",
    "Kubernetes": "- name: AWS_SECRET_ACCESS_KEY\n  value: {secret}\n",
    "table": "Secret access key\n{secret}\n",
    "short name": "AWS_SECRET_KEY={secret}\n",
    "the command": "aws configure set aws_secret_access_key {secret}",
}


def secret_of(hit: Hit) -> str:
    """Give a hit's secret."""
    assert hit.secret is not None
    return hit.secret.reveal()


def one_hit(text: str) -> Hit:
    """Find exactly one."""
    (hit,) = find(text.encode())
    return hit


@pytest.mark.parametrize("form", PAIRS.values(), ids=PAIRS)
def test_pairs(form: str) -> None:
    """An id is found with its secret, in whatever form the two stand, on its line."""
    leak = new_leak()
    text = "first line\n" + form.format(id=leak.id, secret=leak.secret)
    hit = one_hit(text)
    assert (hit.rule_id, hit.access_key_id, secret_of(hit)) == ("leaked-key", *leak)
    assert leak.id in text.split("\n")[hit.line]


@pytest.mark.parametrize("form", LONE.values(), ids=LONE)
def test_named_secrets(form: str) -> None:
    """A secret alone is found by its name."""
    leak = new_leak()
    hit = one_hit(form.format(secret=leak.secret))
    assert (hit.rule_id, hit.access_key_id, secret_of(hit)) == ("leaked-secret", None, leak.secret)


@pytest.mark.parametrize(
    "text",
    [
        "id = {leak.id}\n",
        "secret = {leak.secret}\n",
        "{leak.id}\n" + "a line\n" * 30 + "{leak.secret}\n",
        "aws_access_key_id={leak.id}\ncommit " + hashlib.sha1(b"x").hexdigest() + "\n",
        "{leak.id} sha256-" + base64.b64encode(hashlib.sha256(b"x").digest()).decode() + "\n",
        "{leak.id} src/keywright/client/audit/credential_report.py tests/unit/client/test_audit_report_forms.py\n",
        "{leak.id} " + "x" * 40 + "\n",
        "{leak.id} {leak.secret}More\n",
        "X{leak.id} {leak.secret}\n",
        "AWS_SECRET_ACCESS_KEY=" + "x" * 40 + "\n",
        "AWS_SECRET_ACCESS_KEY=<your secret access key, forty letters long>\n",
        f"{EXAMPLE.id} {EXAMPLE.secret}\naws_secret_access_key = {EXAMPLE.secret}\n",
        "AKIA" + "Q" * 16 + " {leak.secret}\n",
        "aws_access_key_id={leak.id} # keywright:allow\naws_secret_access_key={leak.secret} # keywright:allow\n",
    ],
    ids=[
        *("id alone", "nameless secret alone", "far apart", "SHA-1", "SHA-256", "paths", "one letter", "longer"),
        *("part of a word", "placeholder", "instructions", "the documentation's", "placeholder's id", "allowed"),
    ],
)
def test_no_leaks(text: str) -> None:
    """What only looks like a key is no finding."""
    assert (
        find(text.replace("{leak.id}", "{0.id}").replace("{leak.secret}", "{0.secret}").format(new_leak()).encode())
        == []
    )


def test_an_example_id_does_not_hide_a_secret() -> None:
    """A real secret is found though the documentation's id stands before it."""
    leak = new_leak()
    hit = one_hit(f"aws_access_key_id = {EXAMPLE.id}\naws_secret_access_key = {leak.secret}\n")
    assert secret_of(hit) == leak.secret


def test_each_id_has_its_own_secret() -> None:
    """Of several keys in a file each is told once, with the secret that is its own."""
    leaks = [new_leak() for _ in range(20)]
    text = "".join(f"[p]\naws_access_key_id={one.id}\naws_secret_access_key={one.secret}\n\n" for one in leaks)
    assert [(one.access_key_id, secret_of(one)) for one in find(text.encode())] == leaks


def test_temporary_keys() -> None:
    """A temporary key is told as such, and that its token is beside it."""
    leak = new_leak("ASIA")
    pair = f"aws_access_key_id={leak.id}\naws_secret_access_key={leak.secret}\n"
    assert (one_hit(pair).rule_id, one_hit(pair).with_token) == ("leaked-temporary-key", False)
    assert one_hit(pair + "aws_session_token=" + "IQoJb3JpZ2lu" * 20).with_token


def test_a_secret_does_not_show() -> None:
    """What is printed of a hit by accident has no secret in it."""
    leak = new_leak()
    assert leak.secret not in repr(one_hit(f"{leak.id} {leak.secret}"))


@given(st.lists(st.integers(1, 20_000), max_size=20), st.integers(0, 30_000), st.integers(0, 30_000))
def test_pieces_do_not_matter(cuts: list[int], before: int, between: int) -> None:
    """A text gives the same in pieces of any length as whole: the same keys, on the same lines."""
    line = b"some text that holds no secret\n"
    parts = [line * (before // len(line)), b"", line * (between // len(line)), b""]
    for at in (1, 3):
        leak = new_leak()
        parts[at] = f"aws_access_key_id={leak.id}\naws_secret_access_key={leak.secret}\n".encode()
    text = b"".join(parts)
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(text[at : at + cut])
        at += cut
    pieces = [one for one in [*pieces, text[at:]] if one]

    def told(hits: object) -> list[tuple[str | None, int, str]]:
        return [(one.access_key_id, one.line, secret_of(one)) for one in hits]  # type: ignore[attr-defined]

    assert told(hits_in(iter(pieces))) == told(find(text))
    assert len(find(text)) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    """UTF-16 with its mark, as PowerShell writes it, and whatever has ASCII in it, are read."""
    leak = new_leak()
    text = f"# é\r\n$env:AWS_ACCESS_KEY_ID='{leak.id}'\r\n$env:AWS_SECRET_ACCESS_KEY='{leak.secret}'\r\n"
    content = text.encode(encoding)
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    for size in (len(content), 7):
        (hit,) = hits_in(content[at : at + size] for at in range(0, len(content), size))
        assert (hit.access_key_id, hit.line) == (leak.id, 1)


def test_escaped_slashes() -> None:
    r"""A secret whose `/` are written `\/`, as PHP's JSON does, is found."""
    leak = new_leak()
    text = json.dumps({"key": leak.id, "secret": leak.secret}).replace("/", "\\/")
    (hit,) = hits_in([text.encode()])
    assert secret_of(hit) == leak.secret


def test_compiled_files() -> None:
    """A key among bytes that are no text is found; a name alone says less there, for its words stand by chance."""
    leak = new_leak()
    (hit,) = hits_in([b"\x7fELF\0" + f"{leak.id}\0{leak.secret}\0".encode()])
    assert secret_of(hit) == leak.secret
    symbols = b"aws_secret_access_key\0aws/Sdk/Symbols/of/a/Shared/librarys/aab\0"
    assert len(symbols.split(b"\0")[1]) == 40
    assert [one.rule_id for one in hits_in([symbols.replace(b"\0", b" ")])] == ["leaked-secret"]
    assert list(hits_in([symbols])) == []


def test_a_file_is_read_in_pieces() -> None:
    """A long file is never in memory as a whole."""
    leak = new_leak()
    content = b"x" * (5 << 20) + f"\n{leak.id} {leak.secret}\n".encode()
    assert max(map(len, pieces_of(io.BytesIO(content)))) <= 1 << 20
    (hit,) = hits_in(pieces_of(io.BytesIO(content)))
    assert hit.line == 1


def test_no_false_alarm_on_botocore() -> None:
    """In the sources of botocore and boto3, which are full of examples, there is nothing to find."""
    packages = Path(sysconfig.get_paths()["purelib"])
    scanned = scan_files([str(packages / "botocore"), str(packages / "boto3")], lambda _more: None)
    assert scanned.looked_at > 1000
    assert scanned.findings == ()
    assert scanned.unread == ()
