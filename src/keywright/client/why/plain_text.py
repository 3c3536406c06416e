"""Make one plain text of what a tool printed: terminal sequences, JSON, XML and wrapped lines taken away."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

MAX_CHARACTERS: Final = 1_000_000
_SEQUENCE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
_ESCAPED_QUOTE: Final = re.compile(r"\\([\"'])")


def plain_text(text: str) -> str:
    """Give the words of a refusal, in one line, with nothing in them that steers a terminal."""
    text = _SEQUENCE.sub("", text[:MAX_CHARACTERS])
    text = html.unescape(_ESCAPED_QUOTE.sub(r"\1", "\n".join(_texts(text))))
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _texts(text: str) -> Iterator[str]:
    """Give the texts in a JSON object, its members' names too; what is none is one text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict | list):
        yield from _strings(value, 8)
    else:
        yield text


def _strings(value: Any, deep: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and deep:
        for name, inner in value.items():
            yield f"{name}:"
            yield from _strings(inner, deep - 1)
    elif isinstance(value, list) and deep:
        for inner in value:
            yield from _strings(inner, deep - 1)
