"""Say what is wrong with the files, with what each tool sees of them, and with a call."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from keywright.client.chain import PROFILE_VARIABLES, Candidate, Outcome, Tool
from keywright.client.doctor.call_advice import call_diagnoses
from keywright.client.doctor.diagnosis import UNSET_KEY, Diagnosis, Gravity, command, edit_file
from keywright.client.doctor.reaching import Reached
from keywright.client.doctor.regions import region_diagnosis
from keywright.client.doctor.views import View
from keywright.client.known_options import KEY_ID, SECRET
from keywright.client.lint import lint
from keywright.client.lint_rules import RULES, Weight
from keywright.client.process_program import program_fault
from keywright.client.session import SignInError


def diagnose(seen: tuple[View, ...], reached: Reached | None, flags: Mapping[str, Any]) -> Iterator[Diagnosis]:
    """Say what is wrong; `reached` is None where nobody was asked."""
    yield from _files()
    by_tools: dict[Diagnosis, list[Tool]] = {}
    for view in seen:
        for one in _own(view, reached, flags):
            by_tools.setdefault(one, []).append(view.tool)
    for one, tools in by_tools.items():
        yield replace(one, what=f"{', '.join(tools)}: {one.what}")
    yield from _differences(*seen)
    if reached is not None:
        told = isinstance(reached.error, SignInError) and any(one.gravity is Gravity.ERROR for one in by_tools)
        yield from call_diagnoses(replace(reached, error=None) if told else reached, seen[0], flags)


def _files() -> Iterator[Diagnosis]:
    found = lint(os.environ)
    for one in found:
        place = f"{one.path}" if one.index is None else f"{one.path}:{one.index + 1}"
        detail = f" ({one.detail})" if one.detail else ""
        gravity = Gravity.ERROR if one.weight is Weight.ERROR else Gravity.WARNING
        mends = one.fix or one.rule in {"bom", "file-mode", "folder-mode"}
        then = "keywright profiles fix" if mends else edit_file(one.path)
        yield Diagnosis(gravity, f"{place}: {RULES[one.rule].meaning}{detail}", then)


def _own(view: View, reached: Reached | None, flags: Mapping[str, Any]) -> Iterator[Diagnosis]:
    """Say what is wrong with what one tool sees."""
    if view.stops:
        listed = "keywright profiles lint" if "parse" in view.stops else "keywright profiles list"
        yield Diagnosis(Gravity.ERROR, f"ends with {view.stops}; the profile is of {view.profile.source}", listed)
        return
    for one in view.chain:
        yield from _source(view, one)
        if one.source == "custom-process" and one.outcome is Outcome.WINS:
            yield from _process(view, was_run=reached is not None)
    if view.winner is None and not any(one.outcome is Outcome.STOPS for one in view.chain):
        yield from _nothing(view, reached, flags)
    region = region_diagnosis(view, flags)
    if region is not None:
        yield region


def _nothing(view: View, reached: Reached | None, flags: Mapping[str, Any]) -> Iterator[Diagnosis]:
    last = any(one.outcome is Outcome.ASKED_LAST for one in view.chain)
    if last and reached is not None and reached.arn is not None:
        return
    doubt = " unless this is a cloud's machine with a role" if last else ""
    gravity = Gravity.WARNING if last and reached is None else Gravity.ERROR
    where = (f"endpoint_url={flags['endpoint_url']}",) if flags.get("endpoint_url") else ()
    then = command("keywright", "profiles", "set", view.profile.value or "default", *where, "--key")
    what = f"ends with `Unable to locate credentials`{doubt} (`keywright import` takes the console's CSV file)"
    yield Diagnosis(gravity, what, then)


def _process(view: View, *, was_run: bool) -> Iterator[Diagnosis]:
    """Say what is wrong with the process's program, as far as running it does not."""
    profile = view.profile.value or "default"
    fault = program_fault(view.process or "", profile)
    if fault is None or (fault.is_fatal and was_run):
        return
    gravity = Gravity.ERROR if fault.is_fatal else Gravity.WARNING
    yield Diagnosis(gravity, f"the credential_process of the profile {profile} {fault.what}", fault.next)


def _source(view: View, one: Candidate) -> Iterator[Diagnosis]:
    profile = view.profile.value or "default"
    if one.outcome is Outcome.STOPS:
        then = (
            "unset AWS_ACCESS_KEY_ID" if one.source == "env" else edit_file(one.place.rpartition(":")[0] or one.place)
        )
        yield Diagnosis(Gravity.ERROR, f"ends at {one.source} ({one.place}): {one.why}", then)
    elif one.source == "env" and one.outcome is Outcome.WINS and view.profile.source in PROFILE_VARIABLES[Tool.CLI]:
        what = f"signs with the key of the environment, not with the profile that {view.profile.source} names"
        yield Diagnosis(Gravity.WARNING, what, UNSET_KEY)
    elif one.source == "login" and one.outcome is Outcome.LOSES:
        then = command("keywright", "profiles", "set", profile, "--unset", KEY_ID, "--unset", SECRET)
        if one.why.startswith("env "):
            then = UNSET_KEY
        yield Diagnosis(Gravity.WARNING, f"does not use the `aws login` of {one.place}: {one.why}", then)


def _differences(cli: View, boto3: View) -> Iterator[Diagnosis]:
    """Say where the two tools disagree, for people who wonder why one of them works."""
    if cli.profile.value != boto3.profile.value:
        what = f"the profile is {cli.profile.value} for {cli.tool} and {boto3.profile.value} for {boto3.tool}"
        yield Diagnosis(Gravity.WARNING, what, "unset AWS_DEFAULT_PROFILE")
    elif cli.region.value != boto3.region.value:
        what = f"the region is {cli.region.value} for {cli.tool} and {boto3.region.value or 'none'} for {boto3.tool}"
        yield Diagnosis(Gravity.WARNING, what, f"export AWS_DEFAULT_REGION={shlex.quote(cli.region.value or '')}")
