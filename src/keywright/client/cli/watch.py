"""`keywright watch`: what a user or a key did, from where, with which tool, and what is new about it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Any, Final, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.documents import as_json
from keywright.client.cli.progress import progress
from keywright.client.cli.spans import duration_of
from keywright.client.cli.terminal import Exit, columns, note, paint, printable, stop
from keywright.client.session import SignedIn, SignInError, reason, sign_in
from keywright.client.timeline import RETENTION, Event, History, attribute_of
from keywright.client.timeline_marks import Group, Marker, grouped, marked, shortened

_GLOBAL_REGION: Final = "us-east-1"
_LAG: Final = timedelta(minutes=20)
_LAG_NOTE: Final = "on AWS an event is there up to 15 minutes after its call, and only management events are"


@dataclass(frozen=True, slots=True)
class Watched:
    """A timeline."""

    of: Annotated[str, "the user or the key"]
    since: Annotated[datetime, "from when on it was looked up"]
    until: Annotated[datetime, "until when"]
    regions: Annotated[tuple[str, ...], "the regions whose history was read"]
    groups: Annotated[tuple[Group, ...], "the calls by day, tool, address and region"]
    events: Annotated[tuple[Event, ...], "the calls, the oldest first"]
    truncated: Annotated[bool, "whether there are older ones than --max-events lets in"]
    notes: Annotated[tuple[str, ...], "what has to be known of it"]


def run_watch(flags: Mapping[str, Any]) -> Exit:
    """Look the events up, mark them, and tell; with --follow go on until Ctrl-C."""
    until = datetime.now(UTC)
    since = since_of(flags["since"], until)
    try:
        signed_in = sign_in(flags)
        regions = regions_of(signed_in, all_regions=flags["all_regions"])
        history, marker = History(signed_in), Marker()
        watched = _look_up(history, marker, flags, regions, since, until)
    except (SignInError, BotoCoreError, ClientError) as error:
        stop(error.args[0] if isinstance(error, SignInError) else reason(error), Exit.UNREACHABLE)
    if not flags["follow"]:
        print(as_json(watched)) if flags["json"] else _tell(watched, each=flags["each"])
        return Exit.FINE
    try:
        _follow(history, marker, flags, watched)
    except KeyboardInterrupt:
        return Exit.FINE
    except (SignInError, BotoCoreError, ClientError) as error:
        stop(reason(error), Exit.UNREACHABLE)


def _look_up(
    history: History, marker: Marker, flags: Mapping[str, Any], regions: Sequence[str], since: datetime, until: datetime
) -> Watched:
    """
    Read the history of each region.

    Raises: BotoCoreError; ClientError; SignInError: where no region answers.
    """
    most, found, notes = flags["max_events"], list[Event](), [_LAG_NOTE]
    failures: dict[str, ClientError | BotoCoreError] = {}
    truncated = False
    with progress("Reading the event history") as advance:
        for region in regions:
            events = history.events(region, attribute_of(flags["who"]), since, until)
            try:
                for event in islice(events, most):
                    found.append(event)
                    advance(1)
                truncated = truncated or next(events, None) is not None
            except (ClientError, BotoCoreError) as error:
                failures[region] = error
                notes.append(f"{region}: {reason(error)}")
    if len(failures) == len(regions):
        raise failures[regions[0]]
    newest = sorted(found, key=lambda one: one.at, reverse=True)[:most]
    events_marked = marked(newest, marker)
    truncated = truncated or len(newest) < len(found)
    answered = tuple(region for region in regions if region not in failures)
    return Watched(
        *(flags["who"], since, until, answered, tuple(grouped(events_marked)), tuple(events_marked)),
        truncated=truncated,
        notes=tuple(notes),
    )


def _tell(watched: Watched, *, each: bool) -> None:
    if each:
        for event in watched.events:
            print(_line(event))
    elif watched.groups:
        rows: list[tuple[str, ...]] = [("DAY", "TOOL", "ADDRESS", "REGION", "CALLS", "REFUSED", "NEW", "ACTIONS")]
        rows += [_row(one) for one in watched.groups]
        print(columns(rows))
    refusals = [event for event in watched.events if event.error_code is not None]
    total = f"{len(watched.events)} calls by {watched.of} since {watched.since:%Y-%m-%d %H:%M} UTC"
    print(printable(f"{total}, {len(refusals)} refused or failed, in {shortened(watched.regions)}"))
    if watched.truncated:
        note("keywright: there are older ones: --max-events lets more in, --since fewer")
    for text in watched.notes:
        note(f"keywright: {text}")


def _row(one: Group) -> tuple[str, ...]:
    new = ", ".join(one.new) or "-"
    return one.day, one.tool, one.address, one.region, str(one.calls), str(one.refused), new, shortened(one.actions)


def _line(event: Event) -> str:
    """Write an event in a line; what is new and what was refused stands out."""
    shown = [f"{event.at:%Y-%m-%d %H:%M:%S}", event.address, event.region, event.tool, event.action]
    line = "  ".join(printable(one) for one in shown)
    if event.error_code is not None:
        line += "  " + paint(printable(event.error_code), "red")
    if event.new:
        line += "  " + paint(f"new {', '.join(event.new)}", "yellow")
    return line


def _follow(history: History, marker: Marker, flags: Mapping[str, Any], watched: Watched) -> NoReturn:
    """Print what there is, then look again and again for what is new; what comes late is found too."""
    seen: dict[str, datetime] = {}
    for text in watched.notes:
        note(f"keywright: {text}")
    _print_new(watched.events, seen, flags)
    while True:
        time.sleep(flags["every"])
        until = datetime.now(UTC)
        since = max(watched.since, until - _LAG - timedelta(seconds=flags["every"]))
        for event_id in [one for one, at in seen.items() if at < since - _LAG]:
            del seen[event_id]
        found = list(_newest(history, flags["who"], watched.regions, since, until))
        _print_new(marked((event for event in found if event.event_id not in seen), marker), seen, flags)


def _newest(history: History, who: str, regions: Sequence[str], since: datetime, until: datetime) -> Iterator[Event]:
    for region in regions:
        try:
            yield from history.events(region, attribute_of(who), since, until)
        except BotoCoreError as error:
            # One failed look is made good by the next.
            note(f"keywright: {region}: {reason(error)}")


def _print_new(events: Sequence[Event], seen: dict[str, datetime], flags: Mapping[str, Any]) -> None:
    for event in events:
        seen[event.event_id] = event.at
        print(json.dumps(json.loads(as_json(event))) if flags["json"] else _line(event), flush=True)


def regions_of(signed_in: SignedIn, *, all_regions: bool) -> list[str]:
    """Name the regions to look in: the one signed in to, and last the one in which what is global is."""
    if all_regions:
        known = [one for one in signed_in.session.get_available_regions("cloudtrail") if one != _GLOBAL_REGION]
        return [*known, _GLOBAL_REGION]
    return list(dict.fromkeys((signed_in.region, _GLOBAL_REGION)))


def since_of(text: str, now: datetime) -> datetime:
    """
    Read how far back --since goes.

    Raises: Stop.
    """
    span = duration_of(text, "--since")
    if span > RETENTION:
        stop("--since goes back to 90d: the event history has no more", Exit.USAGE)
    return now - span
