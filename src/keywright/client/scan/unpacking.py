"""
Unpack gzip, bzip2, xz and zip as they are read: never as a whole in memory, never without bounds.

A zip file is read from its front, one member after the other, so that git's objects need not be kept to be searched.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, Protocol

_GZIP: Final = b"\x1f\x8b\x08"
_BZIP2: Final = b"BZh"
_XZ: Final = b"\xfd7zXZ\0"
_MEMBER: Final = b"PK\x03\x04"
_DESCRIPTOR: Final = b"PK\x07\x08"
PACKED: Final = (_GZIP, _BZIP2, _XZ, _MEMBER)
"""How what is unpacked begins."""
_HEADER: Final = struct.Struct("<5H3I2H")
_IS_ENCRYPTED: Final = 1
_HAS_DESCRIPTOR: Final = 8
_STORED, _DEFLATED = 0, 8
_ZIP64_SIZE: Final = 0xFFFFFFFF
_XZ_MEMORY: Final = 64 << 20
PIECE: Final = 1 << 20
_FREE: Final = 16 << 20
"""As much may come of any input, however small."""
_MAX_RATIO: Final = 100
"""Text packs to a tenth, seldom to a fiftieth; deflate can reach a thousandth of nothing but zeros."""
_MAX_TOTAL: Final = 1 << 30


_CUT_OFF: Final = "the archive is cut off: the rest was not looked at"


class CannotUnpack(Exception):
    """It cannot, or must not, be unpacked further; the message says why."""


class Unpacked(NamedTuple):
    """A text that was packed; read it before the next."""

    name: str
    """`gzip`, or a zip file's member: `zip: config/.env`."""
    pieces: Iterator[bytes]


class Budget:
    """What may still be unpacked; shared by an archive and those inside it."""

    def __init__(self) -> None:
        self.read = 0
        self._written = 0

    def spend(self, written: int) -> None:
        """
        Count what was unpacked.

        Raises: CannotUnpack.
        """
        self._written += written
        if self._written > _MAX_TOTAL or self._written > max(_FREE, _MAX_RATIO * self.read):
            raise CannotUnpack(f"unpacks to more than {self._written >> 20} MB: the rest was not looked at")


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Input:
    """Packed bytes, of which some may be given back."""

    def __init__(self, pieces: Iterator[bytes], budget: Budget | None) -> None:
        self._pieces = pieces
        self._budget = budget
        self._held = b""

    def some(self, most: int = PIECE) -> bytes:
        """Read what there is next; empty at the end."""
        if not self._held:
            self._held = next(self._pieces, b"")
            if self._budget is not None:
                self._budget.read += len(self._held)
        piece, self._held = self._held[:most], self._held[most:]
        return piece

    def exactly(self, count: int) -> bytes:
        """
        Read so many.

        Raises: CannotUnpack.
        """
        parts = []
        while count:
            part = self.some(count)
            if not part:
                raise CannotUnpack(_CUT_OFF)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def peek(self, count: int) -> bytes:
        """Look ahead; less at the end."""
        while len(self._held) < count:
            held, self._held = self._held, b""
            more = self.some()
            self._held = held + more + self._held
            if not more:
                break
        return self._held[:count]

    def give_back(self, rest: bytes) -> None:
        """Take back what was not needed."""
        self._held = rest + self._held


def unpack(pieces: Iterable[bytes], budget: Budget, *, is_outermost: bool) -> Iterator[Unpacked]:
    """
    Give what is packed in a text that begins as one of `PACKED` does.

    Raises: CannotUnpack, while it is read.
    """
    # What an inner archive reads was unpacked before: only the outermost input pays for output.
    source = _Input(iter(pieces), budget if is_outermost else None)
    first = source.peek(len(_XZ))
    if first.startswith(_MEMBER):
        yield from _members(source, budget)
    elif first.startswith(_GZIP):
        yield Unpacked("gzip", _streams(source, lambda: _Zlib(31), budget, _GZIP))
    elif first.startswith(_BZIP2):
        # Imported here, as lzma is: few texts are packed so.
        import bz2

        yield Unpacked("bzip2", _streams(source, bz2.BZ2Decompressor, budget, _BZIP2))
    else:
        import lzma

        yield Unpacked("xz", _streams(source, lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY), budget, _XZ))


class _Zlib:
    """A zlib decompressor with the manners of bz2's and lzma's: what was not taken yet is kept."""

    def __init__(self, bits: int) -> None:
        self._inner = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = PIECE, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _streams(source: _Input, make: Callable[[], _Decompressor], budget: Budget, begins: bytes) -> Iterator[bytes]:
    """Unpack one stream after the other, as `cat a.gz b.gz` leaves them."""
    while source.peek(len(begins)) == begins:
        yield from _stream(source, make(), budget)


def _stream(source: _Input, decompressor: _Decompressor, budget: Budget) -> Iterator[bytes]:
    while not decompressor.eof:
        given = source.some()
        written = _more(decompressor, given)
        if not given and not written and not decompressor.eof:
            raise CannotUnpack(_CUT_OFF)
        while written:
            budget.spend(len(written))
            yield written
            written = b"" if decompressor.eof else _more(decompressor, b"")
    source.give_back(decompressor.unused_data)


def _more(decompressor: _Decompressor, given: bytes) -> bytes:
    try:
        return decompressor.decompress(given, PIECE)
    except Exception as error:  # each library has its own
        raise CannotUnpack(f"the archive is broken ({error}): the rest was not looked at") from error


def _members(source: _Input, budget: Budget) -> Iterator[Unpacked]:
    skipped = 0
    while source.peek(len(_MEMBER)) == _MEMBER:
        source.exactly(len(_MEMBER))
        _, flags, method, _, _, _, packed, size, name_length, extra_length = _HEADER.unpack(
            source.exactly(_HEADER.size)
        )
        name = source.exactly(name_length).decode("utf-8", "replace")
        extra = source.exactly(extra_length)
        if _ZIP64_SIZE in {packed, size}:
            packed = _zip64_size(extra, packed, size)
        is_read = not flags & _IS_ENCRYPTED and method in {_STORED, _DEFLATED}
        if is_read and method == _DEFLATED:
            yield from _whole(Unpacked(f"zip: {name}", _stream(source, _Zlib(-15), budget)))
        elif flags & _HAS_DESCRIPTOR and not packed:
            raise CannotUnpack(f"the length of the member {name} is not told: the rest was not looked at")
        else:
            taken = _Input(_counted(source, packed), None)
            if is_read:
                yield from _whole(Unpacked(f"zip: {name}", iter(taken.some, b"")))
            else:
                skipped += 1
                for _ in iter(taken.some, b""):
                    pass
        if flags & _HAS_DESCRIPTOR:
            _pass_descriptor(source)
    if skipped:
        raise CannotUnpack(f"{skipped} of its members are encrypted, or packed in a way that is not read")


def _whole(member: Unpacked) -> Iterator[Unpacked]:
    """Give a member, and read what its reader left of it."""
    yield member
    for _ in member.pieces:
        pass


def _counted(source: _Input, count: int) -> Iterator[bytes]:
    while count:
        piece = source.some(min(count, PIECE))
        if not piece:
            raise CannotUnpack(_CUT_OFF)
        count -= len(piece)
        yield piece


def _zip64_size(extra: bytes, packed: int, size: int) -> int:
    """Find the packed size in the extra field of large archives: after the size, where that is there too."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            before = 8 if size == _ZIP64_SIZE else 0
            if packed != _ZIP64_SIZE or length < before + 8:
                break
            return int(struct.unpack_from("<Q", extra, at + 4 + before)[0])
        at += 4 + length
    return packed


def _pass_descriptor(source: _Input) -> None:
    """Pass a member's sizes, which stand behind it: with or without their mark, of four or of eight bytes each."""
    ahead = source.peek(28)
    for length in (16, 12, 24, 20):
        if ahead[length : length + 2] == b"PK" and (length % 8 or ahead.startswith(_DESCRIPTOR)):
            source.exactly(length)
            return
    raise CannotUnpack("the archive is broken: the rest was not looked at")
