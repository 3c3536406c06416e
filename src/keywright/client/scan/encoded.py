"""See keys through what they are wrapped in: base64, escapes of URLs, JSON and HTML, UTF-16 without a mark."""

from __future__ import annotations

import base64
import binascii
import bisect
import re
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

_ENCODED_IDS: Final = (b"QUtJQ", b"QVNJQ", b"FLSU", b"FTSU")
"""`AKIA` and `ASIA` in base64, as the first and second of three bytes; the third has `0lB` of both."""
_ENCODED_GZIP: Final = b"H4sI"
_WIDE_WORDS: Final = (b"I\0A\0", b"e\0c\0r\0e\0t\0", b"E\0C\0R\0E\0T\0")
_LETTERS: Final = rb"[A-Za-z0-9+/_-]"
_BLOCK: Final = re.compile(_LETTERS + rb"{24,}+(?:(?:\r?\n|\x0b)[ \t]*" + _LETTERS + rb"{4,}+(?=[\s\"',=]|\Z))*={0,2}")
"""A word of base64, or lines of it."""
_BREAK: Final = re.compile(rb"[\s\x0b]+")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_LINE_END: Final = re.compile(rb"[\r\n]")
_MAX_UNPACKED: Final = 1 << 20
_ESCAPES: Final = tuple(
    (sign, re.compile(pattern))
    for sign, pattern in (
        # Each begins with a sign of its own, so that the search for it is quick. `%25` is a percent sign encoded again.
        (b"%", rb"%(?:25)?(2[0-9A-Fa-f]|3[ABDabd]|0[ADad])"),
        (b"\\u00", rb"\\u00([2-7][0-9A-Fa-f])"),
        (b"\\x", rb"\\x(2[0-9A-Fa-f])"),
        (b"&#", rb"&#(?:x(2[0-9A-Fa-f])|43|47);"),
        # Quoted-printable's `=`, where a key follows it: a secret itself may begin with 3D.
        (b"=3D", rb"=(3D)(?=[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])|A[KS]IA[A-Z2-7]{16})"),
    )
)
_ENTITIES: Final = {b"&#43;": b"+", b"&#47;": b"/"}
_SIGNS: Final = ((b"\\/", b"/"), (b"\\n", b"\x0b"), (b"\\r", b"\x0b"), (b"\\t", b"\x0b"))
_PARTS: Final = re.compile(
    rb"(?:%[0-9A-Fa-f]{0,3}|\\(?:u?0{0,2}|x)[0-9A-Fa-f]?|&#?x?[0-9A-Fa-f]{0,2}|=(?:3(?:D[A-Za-z0-9/+]{0,40}+)?)?)\Z"
)
_LONGEST_PART: Final = 44
"""What may be the beginning of an escape, at the end of a piece."""


class Decoded(NamedTuple):
    """A text whose words of base64 are written out, on the lines on which they stood."""

    text: bytes
    places: tuple[tuple[int, int, bool], ...]
    """Where each part begins, here and in the text as it was, and whether it was encoded."""

    def place(self, at: int) -> tuple[int, bool]:
        """Give where something stood before, and whether it was encoded."""
        here, before, is_encoded = self.places[bisect.bisect_right(self.places, (at, len(self.text) * 2, True)) - 1]
        return (before if is_encoded else before + at - here), is_encoded


def may_be_encoded(text: bytes) -> bool:
    """Tell, as fast as can be, whether a key's id or a packed text may stand here in base64."""
    # To search for one letter is several times faster than for more, and these are rare.
    return (
        (b"Q" in text and (_ENCODED_IDS[0] in text or _ENCODED_IDS[1] in text))
        or (b"F" in text and (_ENCODED_IDS[2] in text or _ENCODED_IDS[3] in text))
        or b"0lB" in text
        or (b"H" in text and _ENCODED_GZIP in text)
    )


def is_wide(text: bytes) -> bool:
    """Tell whether two bytes a letter may speak of keys."""
    return b"\0" in text and any(word in text for word in _WIDE_WORDS)


def narrowed(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Give what UTF-16 says in ASCII: every second byte, from where the first letter of a word is."""
    yield from (
        (first, text[first::2]) for first in sorted({text.find(word) % 2 for word in _WIDE_WORDS if word in text})
    )


def decoded(text: bytes) -> Decoded | None:
    """Write out the words of base64 that say something; None where there are none."""
    parts: list[bytes] = []
    places = [(0, 0, False)]
    at = length = 0
    for block in _BLOCK.finditer(text):
        for start, end in _words(text, block):
            said = _said(text[start:end])
            if said is None:
                continue
            # A line ends where it ended before.
            said = _LINE_END.sub(b"\x0b", said) + b"\n" * text.count(b"\n", start, end)
            places += [(length + start - at, start, True), (length + start - at + len(said), end, False)]
            length += start - at + len(said)
            parts += [text[at:start], said]
            at = end
    if not parts:
        return None
    return Decoded(b"".join((*parts, text[at:])), tuple(places))


def _words(text: bytes, block: re.Match[bytes]) -> list[tuple[int, int]]:
    """Give a block of lines as one; where it says nothing as one, each line."""
    if _BREAK.search(block[0]) is None or _said(block[0]) is not None:
        return [block.span()]
    words, at = [], block.start()
    for line in _BREAK.split(block[0]):
        at = text.index(line, at)
        words.append((at, at + len(line)))
    return words


def _said(word: bytes) -> bytes | None:
    """Give what base64 says, if it is text; a word that is cut at its beginning may be off by some letters."""
    letters = _BREAK.sub(b"", word).rstrip(b"=").translate(_URL_SAFE)
    for skipped in range(4):
        part = letters[skipped:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            said = base64.b64decode(part + b"=" * (-len(part) % 4))
        except binascii.Error:
            continue
        if said.startswith(b"\x1f\x8b\x08"):
            said = _gunzipped(said)
        if said and _is_text(said):
            return said
    return None


def _gunzipped(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(packed, _MAX_UNPACKED)
    except zlib.error:
        return b""


def _is_text(said: bytes) -> bool:
    if _CONTROLS.search(said):
        return False
    try:
        said.decode()
    except UnicodeDecodeError:
        return False
    return True


def unescaped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    r"""Write `%2F`, `\/`, `\u002f`, `&#x2F;` and the like as they are meant; line ends stay what they were."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        part = _PARTS.search(text, max(0, len(text) - _LONGEST_PART))
        cut = len(text) if part is None else part.start()
        yield without_escapes(text[:cut])
        rest = text[cut:]
    if rest:
        yield without_escapes(rest)


def without_escapes(text: bytes) -> bytes:
    """Write a text's escapes as they are meant."""
    # To search for one letter is several times faster than for more.
    if b"\\" in text or b"%" in text or b"&" in text or b"=3D" in text:
        for sign, pattern in _ESCAPES:
            if sign in text:
                text = pattern.sub(_meant, text)
        for written, meant in _SIGNS if b"\\" in text else ():
            text = text.replace(written, meant)
    return text


def _meant(found: re.Match[bytes]) -> bytes:
    if found[0] in _ENTITIES:
        return _ENTITIES[found[0]]
    meant = bytes((int(found[1], 16),))
    return b"\x0b" if meant in b"\r\n" else meant
