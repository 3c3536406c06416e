"""
CBOR (RFC 8949), as far as AWS's RPC v2 CBOR protocol has it: what JSON has, byte strings, and moments under tag 1.

Reading gives what reading JSON gives, so that both are checked by the same readers; a moment is its number of seconds.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

from keywright.protocol.refusals import SerializationException

MAX_DEPTH: Final = 64
_SIMPLE: Final = {20: False, 21: True, 22: None, 23: None}
_FLOATS: Final = {25: ">e", 26: ">f", 27: ">d"}
_MOMENT: Final = 1
_BREAK: Final = 0xFF
_INDEFINITE: Final = 31


def read_cbor(body: bytes) -> dict[str, Any]:
    """
    Read a body that must be one map with text for names; an empty body is an empty map.

    Raises: SerializationException.
    """
    if not body:
        return {}
    reader = _Reader(body)
    try:
        document = reader.read(0)
    except (IndexError, ValueError, struct.error):
        raise _not_valid() from None
    if reader.at != len(body):
        raise _not_valid()
    if type(document) is not dict:
        raise SerializationException("The request body is not a map")
    return document


def _not_valid() -> SerializationException:
    return SerializationException("The request body is not valid CBOR")


class _Reader:
    """Reads one item after another; raises IndexError or ValueError where the bytes are none."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.at = 0

    def read(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise SerializationException("The request body is nested too deeply")
        first = self._take(1)[0]
        kind, low = first >> 5, first & 31
        if kind == 7:
            return self._special(low)
        count = None if low == _INDEFINITE and kind in (2, 3, 4, 5) else self._argument(low)
        if count is None or kind >= 2:
            return self._compound(kind, count, depth)
        return count if kind == 0 else -1 - count

    def _compound(self, kind: int, count: int | None, depth: int) -> Any:
        if kind == 4:
            items: list[Any] = []
            self._each(count, lambda: items.append(self.read(depth + 1)))
            return items
        if kind == 5:
            entries: dict[str, Any] = {}
            self._each(count, lambda: self._entry(entries, depth + 1))
            return entries
        if kind == 6:
            if count != _MOMENT:
                raise ValueError(count)
            return self.read(depth + 1)
        if count is not None:
            found = self._take(count)
        else:
            parts: list[bytes] = []
            self._each(None, lambda: parts.append(self._part(kind)))
            found = b"".join(parts)
        return found.decode() if kind == 3 else found

    def _entry(self, entries: dict[str, Any], depth: int) -> None:
        name = self.read(depth)
        if type(name) is not str or name in entries:
            raise ValueError(name)
        entries[name] = self.read(depth)

    def _part(self, kind: int) -> bytes:
        first = self._take(1)[0]
        if first >> 5 != kind:
            raise ValueError(first)
        return self._take(self._argument(first & 31))

    def _each(self, count: int | None, read: Callable[[], None]) -> None:
        """Read a number of items, or those up to the break; what is announced must be there, so it costs its bytes."""
        while count is None or count:
            if count is None:
                if self._body[self.at] == _BREAK:
                    self.at += 1
                    return
            else:
                count -= 1
            read()

    def _argument(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise ValueError(low)
        return int.from_bytes(self._take(1 << (low - 24)), "big")

    def _special(self, low: int) -> Any:
        if low in _SIMPLE:
            return _SIMPLE[low]
        form = _FLOATS.get(low, "")
        if not form:
            raise ValueError(low)
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self._body):
            raise IndexError(end)
        taken = self._body[self.at : end]
        self.at = end
        return taken


def write_cbor(value: Any) -> bytes:
    """Write text, whole numbers, truth, nothing, lists, and maps by text."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case str():
            text = value.encode()
            return _head(3, len(text)) + text
        case list():
            return _head(4, len(value)) + b"".join(map(write_cbor, value))
        case dict():
            entries = b"".join(write_cbor(name) + write_cbor(item) for name, item in value.items())
            return _head(5, len(value)) + entries
        case _:
            raise ValueError(f"{type(value).__name__} is not written as CBOR")


def _head(kind: int, count: int) -> bytes:
    if count < 24:
        return bytes([kind << 5 | count])
    size = next(size for size in range(4) if count < 1 << (8 << size))
    return bytes([kind << 5 | 24 + size]) + count.to_bytes(1 << size, "big")
