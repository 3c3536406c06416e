"""Mark what is new in a timeline, and sum it up by day, tool and address."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from keywright.client.timeline import Event
from keywright.client.timeline_tools import family_of

_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Group:
    """The calls of one day with one tool from one address."""

    day: Annotated[str, "the day, UTC"]
    tool: Annotated[str, "the tool"]
    address: Annotated[str, "the address"]
    region: Annotated[str, "the region"]
    calls: Annotated[int, "how many calls"]
    refused: Annotated[int, "how many of them were refused, or failed"]
    actions: Annotated[tuple[str, ...], "the actions, the most frequent first"]
    errors: Annotated[tuple[str, ...], "the error codes, the most frequent first"]
    new: Annotated[tuple[str, ...], "what was not seen before in this window"]


@dataclass(slots=True)
class Marker:
    """Knows what was seen; the first event is what the others are compared with."""

    _seen: dict[str, set[str]] = field(default_factory=dict)

    def mark(self, event: Event) -> Event:
        """Say what is new in the next event; they come in the order of time."""
        values = {"address": event.address, "region": event.region, "tool": family_of(event.tool)}
        new = []
        for name, value in values.items():
            seen = self._seen.setdefault(name, set())
            if seen and value not in seen:
                new.append(name)
            seen.add(value)
        return dataclasses.replace(event, new=tuple(new))


def marked(events: Iterable[Event], marker: Marker) -> list[Event]:
    """Put events, the newest first, into the order of time, each once, and mark them."""
    once = {event.event_id: event for event in events}
    # AWS: times are whole seconds; of those in the same one the history's own order tells which was first.
    oldest_first = list(once.values())[::-1]
    return [marker.mark(event) for event in sorted(oldest_first, key=lambda one: one.at)]


def grouped(events: Sequence[Event]) -> list[Group]:
    """Sum up events that are in the order of time."""
    groups: dict[tuple[str, str, str, str], list[Event]] = {}
    for event in events:
        key = (event.at.strftime("%Y-%m-%d"), event.tool, event.address, event.region)
        groups.setdefault(key, []).append(event)
    return [_group(*key, events=group) for key, group in groups.items()]


def _group(day: str, tool: str, address: str, region: str, *, events: Sequence[Event]) -> Group:
    actions = Counter(event.action for event in events)
    errors = Counter(event.error_code for event in events if event.error_code is not None)
    new = dict.fromkeys(name for event in events for name in event.new)
    return Group(day, tool, address, region, len(events), errors.total(), _names(actions), _names(errors), tuple(new))


def _names(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in counted.most_common())


def shortened(names: Sequence[str]) -> str:
    """Give the first few names, and how many more there are."""
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")
