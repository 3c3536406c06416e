"""
Read the file that the console gives with a new access key, in every shape that it has had.

AWS: `Access key ID,Secret access key` (today), `User name,Password,Access key ID,Secret access key,Console login link`
(users made with a password), `User Name,Access Key Id,Secret Access Key` (before 2016), and `rootkey.csv` with lines
`AWSAccessKeyId=…`, `AWSSecretKey=…` (facts §2, §3). Excel adds a byte order mark, another delimiter, or UTF-16. Our own
hand-over has the columns `Region` and `Endpoint URL` too.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path
from typing import Final, NamedTuple

from keywright.aws.secret import Secret
from keywright.client.errors import LocalFileError
from keywright.client.known_options import KEY_ID_FORM, SECRET_FORM

_ID_COLUMNS: Final = frozenset({"accesskeyid", "accesskey", "awsaccesskeyid"})
_SECRET_COLUMNS: Final = frozenset({"secretaccesskey", "secretkey", "awssecretkey", "awssecretaccesskey"})
_USER_COLUMNS: Final = frozenset({"username", "user"})
_WHERE_COLUMNS: Final = ("region", "endpointurl")
_FILE_NAME: Final = re.compile(r"(?P<user>.+?)_(accessKeys|credentials)( ?\(\d+\))?(\.csv)?( ?\(\d+\))?", re.IGNORECASE)
_MAX_BYTES: Final = 1_000_000


class CsvError(LocalFileError):
    """The file is none of the console's; the message says why, and holds no secret."""


class CsvKey(NamedTuple):
    """A key as it stands in the file."""

    user_name: str | None
    access_key_id: str
    secret: Secret
    line: int
    region: str | None = None
    """Where a hand-over says that it belongs; the console's files do not say."""
    endpoint_url: str | None = None


def read_csv(path: Path) -> list[CsvKey]:
    """
    Read the keys of a file.

    Raises: CsvError; OSError.
    """
    with path.open("rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise CsvError("the file is far larger than the console's are")
    return parse_csv(content)


def parse_csv(content: bytes) -> list[CsvKey]:
    """
    Read the keys in a file's content.

    Raises: CsvError.
    """
    text = _decode(content)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise CsvError("the file is empty")
    if re.match(r"\s*AWSAccessKeyId\s*=", lines[0], re.IGNORECASE):
        return [_root_key(lines)]
    delimiter = next((one for one in ",;\t" if one in lines[0]), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        return _rows(reader)
    except csv.Error as error:
        raise CsvError(f"line {reader.line_num} cannot be read: {error}") from None


def user_in_file_name(path: Path) -> str | None:
    """Read the user's name off `USER_accessKeys.csv`, which a browser may have numbered."""
    found = _FILE_NAME.fullmatch(path.stem)
    return None if found is None else found["user"]


def _decode(content: bytes) -> str:
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise CsvError("the file is not text") from None


def _rows(reader: csv._reader) -> list[CsvKey]:  # type: ignore[name-defined]
    columns: dict[str, int] | None = None
    keys: list[CsvKey] = []
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if columns is None:
            columns = _columns(cells)
        else:
            keys.append(_key(cells, columns, reader.line_num))
    if not keys:
        raise CsvError("below the header there is no key")
    return keys


def _columns(header: list[str]) -> dict[str, int]:
    names = ["".join(one for one in cell.lower() if one.isalnum()) for cell in header]
    columns = {
        role: index
        for role, known in (
            ("id", _ID_COLUMNS),
            ("secret", _SECRET_COLUMNS),
            ("user", _USER_COLUMNS),
            *((one, frozenset({one})) for one in _WHERE_COLUMNS),
        )
        for index, name in enumerate(names)
        if name in known
    }
    if {"id", "secret"} <= columns.keys():
        return columns
    if "password" in names:
        raise CsvError("this file holds a console password, no access key: its columns have none")
    if KEY_ID_FORM.fullmatch(header[0]) and len(header) > 1:
        raise CsvError("the header is missing: the first line must be `Access key ID,Secret access key`")
    raise CsvError("the first line does not name the columns `Access key ID` and `Secret access key`")


def _key(cells: list[str], columns: dict[str, int], line: int) -> CsvKey:
    if len(cells) <= max(columns["id"], columns["secret"]):
        raise CsvError(f"line {line} has fewer columns than the first")
    user, region, endpoint_url = (
        (cells[columns[one]] if one in columns and columns[one] < len(cells) else "") or None
        for one in ("user", *_WHERE_COLUMNS)
    )
    key = _checked(user, cells[columns["id"]], cells[columns["secret"]], line)
    return key._replace(region=region, endpoint_url=endpoint_url)


def _root_key(lines: list[str]) -> CsvKey:
    values = {name.strip().lower(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    if "awssecretkey" not in values:
        raise CsvError("the file has an AWSAccessKeyId and no AWSSecretKey")
    return _checked(None, values["awsaccesskeyid"], values["awssecretkey"], 1)


def _checked(user: str | None, access_key_id: str, secret: str, line: int) -> CsvKey:
    if not KEY_ID_FORM.fullmatch(access_key_id):
        raise CsvError(f"line {line}: what stands in the column of the access key id is none")
    if not SECRET_FORM.fullmatch(secret):
        raise CsvError(f"line {line}: the secret has {len(secret)} characters, or others than A–Z, a–z, 0–9, + and /")
    return CsvKey(user, access_key_id, Secret(secret), line)
