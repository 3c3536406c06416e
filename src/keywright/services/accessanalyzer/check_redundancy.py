"""What could be left out without a change of meaning."""

from __future__ import annotations

from collections.abc import Iterator

from keywright.policy.match import compile_glob, compile_resource
from keywright.services.accessanalyzer.check_structure import canonical
from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy, Statement


def check_redundancy(policy: Policy) -> Iterator[Finding]:
    """Check actions, resources and whole statements."""
    for statement in policy.statements:
        for name in ("Action", "NotAction"):
            redundant = _covered(statement.listed(name), actions=True)
            if redundant:
                first = str(redundant[0].text)
                yield found("REDUNDANT_ACTION", *redundant, count=str(len(redundant)), action=first)
        for name in ("Resource", "NotResource"):
            redundant = _covered(statement.listed(name), actions=False)
            if redundant:
                yield found("REDUNDANT_RESOURCE", *redundant, count=str(len(redundant)))
    same: dict[str, list[Statement]] = {}
    for statement in policy.statements:
        same.setdefault(canonical(statement), []).append(statement)
    for statements in same.values():
        if len(statements) > 1:
            yield found("REDUNDANT_STATEMENT", *(statement.place for statement in statements))


def _covered(places: list[Place], *, actions: bool) -> list[Place]:
    """
    Give the patterns that another of the list covers, and of equal ones all but the first.

    A pattern covers what it matches letter by letter, wildcards included; that misses some, and never errs.
    """
    texts = [(place.text or "").lower() if actions else place.text or "" for place in places]
    wild = dict.fromkeys(text for text in texts if "*" in text or "?" in text)
    matchers = {text: compile_glob(text) if actions or text == "*" else compile_resource(text) for text in wild}
    covered: list[Place] = []
    seen: set[str] = set()
    for text, place in zip(texts, places, strict=True):
        if text in seen or any(other != text and matches(text) for other, matches in matchers.items()):
            covered.append(place)
        seen.add(text)
    return covered
