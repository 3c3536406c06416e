"""The forms in which keys leak, and what only looks like one: for the tests, and for the bench beside other tools."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import html
import io
import json
import lzma
import marshal
import quopri
import random
import sqlite3
import tarfile
import tempfile
import textwrap
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tests.unit.client.leaks import Leak
from tests.unit.client.repositories import env_file

Form = Callable[[Leak], bytes]


def _text(template: str) -> Form:
    """Put the key into a text: <ID> and <SECRET>."""
    return lambda leak: template.replace("<ID>", leak.id).replace("<SECRET>", leak.secret).encode()


def _ini(leak: Leak) -> bytes:
    return f"[default]\naws_access_key_id = {leak.id}\naws_secret_access_key = {leak.secret}\n".encode()


def _base64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def _env(leak: Leak) -> bytes:
    return f"HOME=/root\nLANG=C\n{env_file(leak)}PATH=/bin\n".encode()


def _zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, *, is_streamed: bool = False) -> bytes:
    file = io.BytesIO()
    target = _Unseekable(file) if is_streamed else file
    with zipfile.ZipFile(target, "w", method) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


class _Unseekable:
    """A pipe, into which a zip file goes with its lengths behind its members."""

    def __init__(self, file: io.BytesIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        """Write on."""
        return self._file.write(data)

    def flush(self) -> None:
        """Do nothing."""


def _tar(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def _database(leak: Leak) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE settings (name TEXT, id TEXT, value TEXT)")
        connection.execute("INSERT INTO settings VALUES ('s3', ?, ?)", tuple(leak))
        connection.commit()
        connection.close()
        return path.read_bytes()


def _compiled(leak: Leak) -> bytes:
    source = f"ID = {leak.id!r}\nSECRET_KEY = {leak.secret!r}\n"
    return b"\xa7\r\r\n" + bytes(12) + marshal.dumps(compile(source, "settings.py", "exec"))


def _notebook(leak: Leak) -> bytes:
    lines = [
        f'os.environ["AWS_ACCESS_KEY_ID"] = "{leak.id}"\n',
        f'os.environ["AWS_SECRET_ACCESS_KEY"] = "{leak.secret}"',
    ]
    return json.dumps({"cells": [{"cell_type": "code", "source": lines}]}, indent=1).encode()


def _kubernetes(leak: Leak, end: str = "") -> bytes:
    return (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s3\ndata:\n"
        f"  access-key: {_base64(leak.id + end)}\n  secret-key: {_base64(leak.secret + end)}\n"
    ).encode()


PLAIN: Final[Mapping[str, Form]] = {
    "home/.aws/credentials": _ini,
    "reversed.ini": _text("aws_secret_access_key = <SECRET>\naws_access_key_id = <ID>\n"),
    "no-spaces.ini": _text("[a]\naws_access_key_id=<ID>\naws_secret_access_key=<SECRET>\n"),
    ".env": lambda leak: env_file(leak).encode(),
    "export.sh": _text("export AWS_ACCESS_KEY_ID='<ID>'\nexport AWS_SECRET_ACCESS_KEY=\"<SECRET>\"\n"),
    "windows.cmd": _text("set AWS_ACCESS_KEY_ID=<ID>\r\nset AWS_SECRET_ACCESS_KEY=<SECRET>\r\n"),
    "powershell.ps1": _text("$env:AWS_ACCESS_KEY_ID='<ID>'\r\n$env:AWS_SECRET_ACCESS_KEY='<SECRET>'\r\n"),
    "fish.fish": _text("set -x AWS_ACCESS_KEY_ID <ID>\nset -x AWS_SECRET_ACCESS_KEY <SECRET>\n"),
    "accessKeys.csv": _text("\ufeffAccess key ID,Secret access key\r\n<ID>,<SECRET>"),
    "credentials.csv": _text(
        "User name,Password,Access key ID,Secret access key,Console login link\r\nbob,,<ID>,<SECRET>,https://x\r\n"
    ),
    "create-access-key.json": _text(
        '{"AccessKey": {"UserName": "bob",\n"AccessKeyId": "<ID>",\n"Status": "Active",\n'
        '"SecretAccessKey": "<SECRET>",\n"CreateDate": "2026-01-02T03:04:05+00:00"}}'
    ),
    "answer.xml": _text("<AccessKeyId><ID></AccessKeyId><SecretAccessKey><SECRET></SecretAccessKey>"),
    "config.yaml": _text("storage:\n  key: <ID>\n  secret: <SECRET>\n"),
    "compose.yaml": _text("environment:\n  - AWS_ACCESS_KEY_ID=<ID>\n  - AWS_SECRET_ACCESS_KEY=<SECRET>\n"),
    "workflow.yaml": _text("env:\n  AWS_ACCESS_KEY_ID: <ID>\n  AWS_SECRET_ACCESS_KEY: <SECRET>\n"),
    "deployment.yaml": _text(
        "env:\n- name: AWS_ACCESS_KEY_ID\n  value: <ID>\n- name: AWS_SECRET_ACCESS_KEY\n  value: <SECRET>\n"
    ),
    "ansible.yml": _text("aws_access_key: <ID>\naws_secret_key: <SECRET>\n"),
    "Dockerfile": _text("FROM debian\nENV AWS_ACCESS_KEY_ID <ID>\nENV AWS_SECRET_ACCESS_KEY <SECRET>\n"),
    "Jenkinsfile": _text('withEnv(["AWS_ACCESS_KEY_ID=<ID>", "AWS_SECRET_ACCESS_KEY=<SECRET>"]) { sh "make" }\n'),
    "main.tf": _text(
        'provider "aws" {\n  region     = "us-east-1"\n  access_key = "<ID>"\n  secret_key = "<SECRET>"\n}\n'
    ),
    "terraform.tfstate": _text(
        '"id": "<ID>",\n"key_fingerprint": null,\n"pgp_key": null,\n"secret": "<SECRET>",\n"status": "Active"\n'
    ),
    "client.py": _text('boto3.client("s3", aws_access_key_id="<ID>", aws_secret_access_key="<SECRET>")\n'),
    "fog.rb": _text(":aws_access_key_id => '<ID>',\n:aws_secret_access_key => '<SECRET>',\n"),
    "Client.java": _text('new BasicAWSCredentials("<ID>", "<SECRET>");\n'),
    "client.go": _text('credentials.NewStaticCredentialsProvider("<ID>", "<SECRET>", "")\n'),
    "client.js": _text('new S3Client({ credentials: { accessKeyId: "<ID>", secretAccessKey: "<SECRET>" } });\n'),
    "Client.cs": _text('new AmazonS3Client("<ID>", "<SECRET>", RegionEndpoint.USEast1);\n'),
    "config.php": _text("'credentials' => ['key' => '<ID>', 'secret' => '<SECRET>'],\n"),
    "application.properties": _text(
        "cloud.aws.credentials.access-key=<ID>\ncloud.aws.credentials.secret-key=<SECRET>\n"
    ),
    ".s3cfg": _text("[default]\naccess_key = <ID>\nbucket_location = US\nsecret_key = <SECRET>\n"),
    "rclone.conf": _text("[s3]\ntype = s3\nprovider = AWS\naccess_key_id = <ID>\nsecret_access_key = <SECRET>\n"),
    ".bash_history": _text(
        "aws configure set aws_access_key_id <ID>\naws configure set aws_secret_access_key <SECRET>\nls\n"
    ),
    "curl.sh": _text("curl --aws-sigv4 aws:amz:us-east-1:s3 --user <ID>:<SECRET> https://b.s3.amazonaws.com/\n"),
    "url.txt": _text("s3://<ID>:<SECRET>@bucket/x\n"),
    "README.md": _text("| key | secret |\n| --- | --- |\n| `<ID>` | `<SECRET>` |\n"),
    "chat.txt": _text("[10:02] bob: use <ID> and <SECRET> for now\n"),
    "dump.sql": _text("INSERT INTO keys VALUES (7, 'prod', '<ID>', '<SECRET>', NULL);\n"),
    "lone.ini": _text("aws_secret_access_key = <SECRET>\n"),
    "lone.py": _text('os.environ["AWS_SECRET_ACCESS_KEY"] = "<SECRET>"\n'),
}
"""As everybody writes them; of the last two the secret alone."""

WRAPPED: Final[Mapping[str, Form]] = {
    "notebook.ipynb": _notebook,
    "embedded.json": lambda leak: json.dumps({"file": _ini(leak).decode()}).encode(),
    "csv-embedded.json": lambda leak: json.dumps({"csv": f"Access key,Secret\n{leak.id},{leak.secret}\n"}).encode(),
    "php.json": lambda leak: json.dumps({"key": leak.id, "secret": leak.secret}).replace("/", "\\/").encode(),
    "dotnet.json": lambda leak: (
        json.dumps({"Key": leak.id, "Secret": leak.secret}).replace("+", "\\u002B").replace("/", "\\u002f").encode()
    ),
    "page.html": lambda leak: (
        (
            f'<input value="{leak.id}"><input value="'
            + html.escape(leak.secret).replace("/", "&#x2F;").replace("+", "&#43;")
        ).encode()
        + b'">\n'
    ),
    "mail.eml": lambda leak: (
        b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(env_file(leak).encode())
    ),
    "percent.txt": lambda leak: f"s3://{leak.id}:{quote(leak.secret, safe='')}@bucket/x\n".encode(),
    "form.log": lambda leak: ("POST /settings body=" + quote(env_file(leak), safe="") + "\n").encode(),
    "environ": lambda leak: _env(leak).replace(b"\n", b"\0"),
    "bom-le.ps1": lambda leak: b"\xff\xfe" + _env(leak).decode().encode("utf-16-le"),
    "bom-be.txt": lambda leak: b"\xfe\xff" + _env(leak).decode().encode("utf-16-be"),
    "no-bom-le.txt": lambda leak: _env(leak).decode().encode("utf-16-le"),
    "no-bom-be.txt": lambda leak: _env(leak).decode().encode("utf-16-be"),
    "latin-1.ini": lambda leak: "# clé de l'équipe\n".encode("latin-1") + _ini(leak),
    "secret.yaml": _kubernetes,
    "secret-line-ends.yaml": lambda leak: _kubernetes(leak, "\n"),
    "secret-lone.yaml": lambda leak: f"kind: Secret\ndata:\n  AWS_SECRET_ACCESS_KEY: {_base64(leak.secret)}\n".encode(),
    "secret.json": lambda leak: json.dumps(
        {
            "kind": "Secret",
            "data": {"AWS_ACCESS_KEY_ID": _base64(leak.id), "AWS_SECRET_ACCESS_KEY": _base64(leak.secret)},
        }
    ).encode(),
    "secret-file.yaml": lambda leak: f"kind: Secret\ndata:\n  credentials: {_base64(_ini(leak))}\n".encode(),
    "env.b64": lambda leak: textwrap.fill(_base64(_env(leak)), 76).encode() + b"\n",
    "env-shifted.b64": lambda leak: textwrap.fill(_base64(b"#" + _env(leak)), 64).encode() + b"\n",
    "url-safe.txt": lambda leak: b"state=" + base64.urlsafe_b64encode(_env(leak) + "é?>".encode()) + b"\n",
    "user-data.tf": lambda leak: f'user_data_base64 = "{_base64(b"#!/bin/sh" + bytes((10,)) + _env(leak))}"\n'.encode(),
    "user-data-gz.tf": lambda leak: f'user_data_base64 = "{_base64(gzip.compress(_env(leak)))}"\n'.encode(),
    "env.gz": lambda leak: gzip.compress(_env(leak)),
    "two.gz": lambda leak: gzip.compress(b"first\n") + gzip.compress(_env(leak)),
    "home.tar": lambda leak: _tar(".aws/credentials", _ini(leak)),
    "home.tar.gz": lambda leak: gzip.compress(_tar(".aws/credentials", _ini(leak))),
    "home.tar.bz2": lambda leak: bz2.compress(_tar(".aws/credentials", _ini(leak))),
    "home.tar.xz": lambda leak: lzma.compress(_tar(".aws/credentials", _ini(leak))),
    "deflated.zip": lambda leak: _zip({"a.txt": b"x" * 999, "config/.env": _env(leak)}),
    "stored.zip": lambda leak: _zip({"config/.env": _env(leak)}, zipfile.ZIP_STORED),
    "streamed.zip": lambda leak: _zip({"a.txt": b"x" * 999, "config/.env": _env(leak)}, is_streamed=True),
    "app.jar": lambda leak: _zip({"META-INF/MANIFEST.MF": b"x\n", "app.properties": _ini(leak)}),
    "outer.zip": lambda leak: _zip({"inner.zip": _zip({".env": _env(leak)})}),
    "logs.zip": lambda leak: _zip({"1.log.gz": gzip.compress(_env(leak))}),
    "Settings.class": lambda leak: (
        b"\xca\xfe\xba\xbe\0\0\0A\0\7\1\0\x14%s\1\0(%s\x0c\0\5" % (leak.id.encode(), leak.secret.encode())
    ),
    "settings.so": lambda leak: b"\x7fELF\2\1\1" + bytes(99) + f"s3\0{leak.id}\0{leak.secret}\0".encode() + bytes(99),
}
"""As they lie wrapped: in escapes, other encodings, base64, archives, compiled files."""

FORMS: Final = {**PLAIN, **WRAPPED}

BEYOND: Final[Mapping[str, Form]] = {"settings.db": _database, "settings.pyc": _compiled}
"""Where nothing stands between a key and what is beside it: they take a reader of their own, which we have not."""


def _random(length: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(length)


def look_alikes(leak: Leak) -> dict[str, bytes]:
    """Give texts in which there is nothing to find, though parts look like it; of `leak` the id alone."""
    example = Leak("AKIAIOSFODNN7" + "EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY")
    image, digests = _base64(_random(90_000, 1)), [hashlib.sha1(bytes((n,))).hexdigest() for n in range(200)]
    checksums = [_base64(hashlib.sha512(bytes((n,))).digest()) for n in range(200)]
    return {
        "docs/example.ini": _ini(example),
        "docs/example-secret.yaml": _kubernetes(example),
        "docs/example.zip": _zip({"credentials": _ini(example)}),
        "docs/placeholder.env": b"AWS_ACCESS_KEY_ID=<your key id>\nAWS_SECRET_ACCESS_KEY=" + b"x" * 40 + b"\n",
        "docs/variables.env": b"AWS_ACCESS_KEY_ID=${ID}\nAWS_SECRET_ACCESS_KEY=${{ secrets.AWS_SECRET_ACCESS_KEY }}\n",
        "package-lock.json": json.dumps({"integrity": [f"sha512-{one}" for one in checksums]}, indent=1).encode(),
        "requirements.txt": b"".join(
            b"a==1 --hash=sha256:%s\n" % hashlib.sha256(b"a").hexdigest().encode() for _ in range(9)
        ),
        "commits.txt": "".join(f"commit {one}\n" for one in digests).encode(),
        "go.sum": "".join(f"example.com/m v1.{n}.0 h1:{one[:43]}=\n" for n, one in enumerate(checksums)).encode(),
        "image.html": f'<img src="data:image/png;base64,{image}">\n'.encode(),
        "image.css": f"a{{background:url(data:font/woff2;base64,{_base64(_random(60_000, 2))})}}\n".encode(),
        "key.pem": f"-----BEGIN CERTIFICATE-----\n{textwrap.fill(_base64(_random(900, 3)), 64)}\n-----END\n".encode(),
        "image.png": b"\x89PNG\r\n\x1a\n" + _random(200_000, 4),
        "random.gz": gzip.compress(_random(100_000, 5)),
        "broken.zip": _zip({"a.txt": _random(9_000, 6)})[:5_000],
        "minified.js": b"var " + b";".join(b"a%d=b.c/d+%d" % (n, n) for n in range(5_000)) + b";\n",
        "paths.txt": b"secret_key: src/main/java/com/Example/app/Settings12\n" * 20,
        "id-alone.txt": f"rotated {leak.id} yesterday\n".encode(),
        "presigned.txt": f"https://b.s3.amazonaws.com/k?X-Amz-Credential={leak.id}%2F20260101%2Fus-east-1&X-Amz-Signature={digests[0]}{digests[1][:24]}\n".encode(),
        "objects.pack": b"PACK" + zlib.compress(_random(50_000, 7)),
    }
