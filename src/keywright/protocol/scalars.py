"""Scalars out of text, for the protocols whose values are text: Query, and headers, paths and elements of REST-XML."""

from __future__ import annotations

import math
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from typing import Any

from keywright.protocol.timestamps import parse_text

Convert = Callable[[str], Any]

# AWS: `0900` and `+900` are numbers, `1.0` is none [live STS]; that is XML Schema's integer.
_INTEGER = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_FLOAT = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def to_integer(text: str) -> int:
    """Read a 32-bit integer. Raises: ValueError."""
    return _bounded(text, 31)


def to_long(text: str) -> int:
    """Read a 64-bit integer. Raises: ValueError."""
    return _bounded(text, 63)


def to_boolean(text: str) -> bool:
    """Read XML Schema's boolean. Raises: ValueError."""
    try:
        return _BOOLEANS[text]
    except KeyError:
        raise ValueError(text) from None


def to_float(text: str) -> float:
    """Read a finite number. Raises: ValueError."""
    if not _FLOAT.fullmatch(text):
        raise ValueError(text)
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def to_blob(text: str) -> bytes:
    """Read base64. Raises: ValueError."""
    try:
        return b64decode(text, validate=True)
    except Base64Error:
        raise ValueError(text) from None


CONVERSIONS: Mapping[str, Convert | None] = {
    "string": None,
    "character": None,
    "integer": to_integer,
    "long": to_long,
    "boolean": to_boolean,
    "float": to_float,
    "double": to_float,
    "timestamp": parse_text,
    "blob": to_blob,
}
"""By type; None where the text is the value."""


def _bounded(text: str, bits: int) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    value = int(text)
    if not -(1 << bits) <= value < 1 << bits:
        raise ValueError(text)
    return value
