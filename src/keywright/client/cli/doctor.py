"""`keywright doctor`: what each tool takes for its credentials, what is wrong, and what to type next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from keywright.client.chain import Outcome
from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import failure_of
from keywright.client.cli.progress import progress
from keywright.client.cli.terminal import Exit, columns, paint, printable
from keywright.client.doctor import Diagnosis, Gravity, OldAws, Reached, View, diagnose, reach, views
from keywright.client.doctor.reaching import PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class ShownSource:
    """One source of credentials."""

    source: Annotated[str, "botocore's name of it, in the order in which tools ask"]
    place: Annotated[str, "the variable, or path:line"]
    outcome: Annotated[str, "wins, loses, ignored, stops (the tool ends there with an error), or asked last"]
    why: Annotated[str, "why"]


@dataclass(frozen=True, slots=True)
class ShownTool:
    """What one tool sees."""

    tool: Annotated[str, "AWS CLI v2 or boto3: they differ"]
    profile: Annotated[str, "the profile that it takes"]
    profile_source: Annotated[str, "what chose it"]
    region: Annotated[str | None, "the region that it takes"]
    region_source: Annotated[str, "what chose it"]
    sources: Annotated[tuple[ShownSource, ...], "the sources that are there"]


@dataclass(frozen=True, slots=True)
class ShownDiagnosis:
    """One thing that is wrong."""

    gravity: Annotated[str, "error or warning"]
    what: Annotated[str, "what is wrong"]
    next: Annotated[str, "what to type next"]


@dataclass(frozen=True, slots=True)
class Examined:
    """`doctor`."""

    tools: Annotated[tuple[ShownTool, ...], "what each tool sees"]
    arn: Annotated[str | None, "who one is, as the service says"]
    endpoint_url: Annotated[str | None, "where was asked"]
    clock_skew_seconds: Annotated[int | None, "how far this machine's clock is ahead of the service's"]
    diagnoses: Annotated[tuple[ShownDiagnosis, ...], "what is wrong"]


def run_doctor(flags: Mapping[str, Any]) -> Exit:
    """Look at the files and the environment, ask the service, and say what is wrong."""
    seen = views(flags)
    tools, reached = OldAws(seen), None
    if not flags["offline"]:
        with progress("Asking the service who you are", PATIENCE_SECONDS) as waiting:
            reached = reach(flags, waiting=waiting)
    found = tuple(dict.fromkeys(diagnose(seen, reached, flags)))
    found += tuple(tools.found())
    if flags["json"]:
        failed = None if reached is None else reached.error
        print(
            as_json(_document(seen, reached, found), None if failed is None else failure_of(failed, Exit.UNREACHABLE))
        )
    else:
        _tell(seen, reached, found)
    if reached is not None and reached.arn is None:
        return Exit.UNREACHABLE
    return Exit.NEGATIVE if found else Exit.FINE


def _document(seen: tuple[View, ...], reached: Reached | None, found: tuple[Diagnosis, ...]) -> Examined:
    tools = tuple(
        ShownTool(
            str(view.tool),
            view.profile.value or "default",
            view.profile.source,
            view.region.value,
            view.region.source,
            tuple(ShownSource(one.source, one.place, str(one.outcome), one.why) for one in view.chain),
        )
        for view in seen
    )
    return Examined(
        tools,
        reached.arn if reached else None,
        reached.endpoint_url if reached else None,
        reached.skew_seconds if reached else None,
        tuple(ShownDiagnosis(str(one.gravity), one.what, one.next) for one in found),
    )


def _tell(seen: tuple[View, ...], reached: Reached | None, found: tuple[Diagnosis, ...]) -> None:
    for view in seen:
        chosen = f"profile {view.profile.value} ({view.profile.source})"
        region = f"region {view.region.value or 'none'} ({view.region.source})"
        print(f"{paint(str(view.tool), 'bold')}: {printable(f'{chosen}, {region}')}")
        if view.stops:
            print(f"  ends with {printable(view.stops)}")
        elif view.chain:
            print(
                columns([(f"  {one.outcome}", one.source, one.place, _why(one.outcome, one.why)) for one in view.chain])
            )
    if reached is not None and reached.arn is not None:
        print(f"{paint('Signed in', 'green')} at {reached.endpoint_url} as {reached.arn}")
    for one in found:
        gravity = paint(str(one.gravity), "red" if one.gravity is Gravity.ERROR else "yellow")
        print(f"{gravity}: {printable(one.what)}\n  next: {printable(one.next)}")
    if not found:
        print(paint("Nothing is wrong", "green"))


def _why(outcome: Outcome, why: str) -> str:
    return "" if outcome is Outcome.WINS else why
