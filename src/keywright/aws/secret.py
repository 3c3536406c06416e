from __future__ import annotations

from typing import Final, final

_MASK: Final = "Secret(****)"


@final
class Secret:
    """
    A text that must not be printed by accident: its `repr`, `str` and format are a mask, and it does not pickle.

    Only `reveal()` gives the text, so that every place which needs it can be found by that name.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the secret itself."""
        return self._text

    def __repr__(self) -> str:
        return _MASK

    def __str__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return _MASK

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret does not pickle")

    def __eq__(self, other: object) -> bool:
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]
