"""SARIF 2.1.0: what the schema requires, and what its readers ask beyond it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest

from keywright.client.sarif import Result, Rule, sarif

RULES = (
    Rule("leaked-key", "LeakedKey", "A key lies in a file.", "Deactivate it.", "error"),
    Rule("old-key", "OldKey", "A key is old.", "Rotate it.", "warning"),
)


def check(value: Any, kind: type, where: str) -> Any:
    """See that a value is of a kind."""
    assert isinstance(value, kind), where
    return value


def assert_is_sarif(document: Any) -> None:
    """
    Check what sarif-schema-2.1.0.json requires of the members that we write.

    `additionalProperties` is false in every object of the schema, so the members are held against those it has.
    """
    assert set(document) == {"$schema", "version", "runs"}
    assert document["version"] == "2.1.0"
    for run in check(document["runs"], list, "runs"):
        assert set(run) == {"tool", "columnKind", "results"}
        assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
        assert set(run["tool"]) == {"driver"}
        driver = run["tool"]["driver"]
        assert set(driver) == {"name", "semanticVersion", "rules"}
        check(driver["name"], str, "driver.name")
        for rule in driver["rules"]:
            assert_is_rule(rule)
        for result in check(run["results"], list, "results"):
            assert_is_result(result, driver["rules"])


def assert_is_rule(rule: Any) -> None:
    """Check a `reportingDescriptor`."""
    assert set(rule) == {
        *("id", "name", "shortDescription", "fullDescription"),
        *("help", "defaultConfiguration", "properties"),
    }
    assert re.fullmatch(r"[a-z][a-z0-9-]*", rule["id"])
    for text in ("shortDescription", "fullDescription", "help"):
        assert set(rule[text]) == {"text"}
        assert check(rule[text]["text"], str, text)
    assert set(rule["defaultConfiguration"]) == {"level"}
    assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
    # A property bag may hold anything; its tags are unique strings.
    tags = rule["properties"]["tags"]
    assert len(set(tags)) == len(tags)
    assert 0 < float(rule["properties"]["security-severity"]) <= 10


def assert_is_result(result: Any, rules: Any) -> None:
    """Check a `result`."""
    assert set(result) - {"locations"} == {"ruleId", "ruleIndex", "level", "message", "partialFingerprints"}
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in {"none", "note", "warning", "error"}
    assert set(result["message"]) == {"text"}
    assert check(result["message"]["text"], str, "message")
    assert all(isinstance(one, str) for one in result["partialFingerprints"].values())
    for location in result.get("locations", []):
        assert set(location) <= {"physicalLocation", "logicalLocations"}
        physical = location.get("physicalLocation")
        if physical is not None:
            assert set(physical) - {"region"} == {"artifactLocation"}
            assert set(physical["artifactLocation"]) == {"uri"}
            assert re.fullmatch(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", physical["artifactLocation"]["uri"])
            assert all(check(line, int, "line") >= 1 for line in physical.get("region", {}).values())
        for logical in location.get("logicalLocations", []):
            assert set(logical) == {"fullyQualifiedName"}


def result(path: str | None = "a.py", line: int | None = 3, name: str | None = None) -> Result:
    """Give a finding somewhere."""
    return Result("old-key", "warning", "AKIA… is old", path, line, "f" * 64, name)


@pytest.mark.parametrize(
    "one",
    [result(), result(line=None), result(None, None, "arn:aws:iam::111122223333:user/a"), result(None, None)],
    ids=["line", "file", "name", "nowhere"],
)
def test_the_document_is_sarif(one: Result) -> None:
    """Findings in a line, a whole file, a named thing, or nowhere make a document that the schema takes."""
    document = sarif(RULES, [one])
    assert_is_sarif(json.loads(json.dumps(document)))
    assert document["runs"][0]["results"][0]["ruleIndex"] == 1


def test_no_findings() -> None:
    """Nothing found is an empty list, which says that the tool has run."""
    document = sarif(RULES, [])
    assert_is_sarif(document)
    assert document["runs"][0]["results"] == []


@pytest.mark.parametrize("path", ["a b/ü.py", "/abs/x", "new\nline", "100%#?.py", "bad\udcff.txt", "c:d"])
def test_any_path_is_a_uri(path: str) -> None:
    """The URI gives back the path's very bytes, whatever is in it."""
    document = sarif(RULES, [result(path)])
    assert_is_sarif(document)
    uri = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    split = urlsplit(uri)
    assert split.scheme in {"", "file"}
    assert unquote_to_bytes(split.path) == path.encode("utf-8", "surrogateescape")


def test_an_unknown_rule_is_a_mistake() -> None:
    """A result of a rule that is not listed is refused, rather than written with a wrong index."""
    with pytest.raises(KeyError):
        sarif(RULES[:1], [result()])
