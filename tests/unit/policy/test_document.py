"""Reading documents: positions as AWS reports them, and nothing but MalformedDocument whatever the text."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from importlib.resources import files
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keywright.policy.document import Flaw, MalformedDocument, Position, parse_document
from keywright.policy.evaluate import PolicySource, compile_policy
from keywright.policy.json_reader import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    DuplicateKeyError,
    NotJsonError,
    Number,
    read_json,
)
from keywright.policy.validate import PolicyKind, policy_size, read_policy, validate
from tests.unit.endings import must_end

AWS_EXAMPLE = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",'
    '"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}'
)
PUBLISHED = (
    '{"Version":"2012-10-17","Statement":[{"Sid":"DenyInsecureTransport","Effect":"Deny","Principal":"*","Action":"*",'
    '"Resource":["arn:aws:s3:::tims-fancy-bucket/*","arn:aws:s3:::tims-fancy-bucket"],'
    '"Condition":{"Bool":{"aws:SecureTransport":"false"}}},'
    '{"Sid":"DenyTimDelete","Effect":"Deny","Principal":"*","Action":"s3:DeleteObject",'
    '"Resource":"arn:aws:s3:::tims-fancy-bucket/*",'
    '"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::112233445566:role/tims-test-role"}}}]}'
)
MULTILINE = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "A", "Effect": "Allow",
      "Action": ["s3:Get*",
                 "s3:\\u0050ut*"],
      "Resource": "*"
    }, {"Effect": "Deny", "Action": "*", "Resource": "*"}
  ]
}"""


def plain(value: object) -> object:
    """Undress a node: what `json.loads` would have given."""
    value = value.value  # type: ignore[attr-defined]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return json.loads(value.text) if isinstance(value, Number) else value


def test_statement_positions_are_those_of_the_simulator() -> None:
    """The AWS CLI's example of simulate-custom-policy reports 1:38 to 1:167 for this text."""
    statement = parse_document(AWS_EXAMPLE).statements[0]
    assert (statement.start, statement.end) == (Position(1, 38), Position(1, 167))


def test_listed_statements_begin_where_the_one_before_ends() -> None:
    """A published answer of AWS's for these two statements has 1:38 to 1:248 and 1:248 to 1:470 (Scott Logic, 2025)."""
    first, second = parse_document(PUBLISHED).statements
    assert (first.start, first.end) == (Position(1, 38), Position(1, 248))
    assert (second.start, second.end) == (Position(1, 248), Position(1, 470))


def test_positions_count_lines() -> None:
    """Lines and columns are counted from 1, each line anew; an element's span runs from its first to past its last."""
    document = parse_document(MULTILINE)
    first, second = document.statements
    assert (first.start, first.end) == (Position(3, 17), Position(9, 6))
    assert (second.start, second.end) == (Position(9, 6), Position(9, 58))
    assert first.actions == ("s3:Get*", "s3:Put*")
    actions = first.nodes["Action"]
    assert document.span(actions) == (Position(6, 17), Position(7, 33))
    assert isinstance(actions.value, list)
    assert document.span(actions.value[1]) == (Position(7, 18), Position(7, 32))
    assert document.span(document.nodes["Version"]) == (Position(2, 14), Position(2, 26))


def test_a_document_without_version_has_the_old_one() -> None:
    """The version that a document leaves out is 2008-10-17 (User Guide, "Version")."""
    document = parse_document('{"Id":"x","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
    assert (document.version, document.id) == ("2008-10-17", "x")


@pytest.mark.parametrize(
    ("text", "flaw", "subject"),
    [
        ("{", Flaw.NOT_JSON, ""),
        ('{"a":1,"a":1}', Flaw.SYNTAX, ""),
        ("{}", Flaw.MISSING, "Statement"),
        ('{"Statement":[{}]}', Flaw.MISSING, "Effect"),
        ('{"Statement":[{"Effect":"allow"}]}', Flaw.EFFECT, "allow"),
        ('{"Statement":[{"Effects":"Allow"}]}', Flaw.UNKNOWN, "Effects"),
        ('{"Statement":[]}', Flaw.SYNTAX, ""),
    ],
)
def test_a_refusal_says_what_was_wrong(text: str, flaw: Flaw, subject: str) -> None:
    """A malformed document carries its flaw, so that each kind of policy may word it."""
    with pytest.raises(MalformedDocument) as refusal:
        parse_document(text)
    assert (refusal.value.flaw, refusal.value.subject) == (flaw, subject)
    assert str(refusal.value) == refusal.value.message == "Syntax errors in policy."


def test_what_a_kind_may_not_say_is_content() -> None:
    """A document of the language that its kind may not say is told apart from one that is no policy."""
    with pytest.raises(MalformedDocument) as refusal:
        validate(parse_document('{"Statement":{"Effect":"Allow","Action":"*"}}'), "identity")
    assert refusal.value.flaw is Flaw.CONTENT


@pytest.mark.parametrize(
    "text",
    [
        *('"\\ud83d\\ude00"', '"\\ud800"', '"\\ud800\\u0041"', '"\\ude00"', '"\\ud800x"', '"\\u12g4"', '"\\x"', '"\\'),
        *('"a\nb"', '"unfinished', "01", "1.", "+1", "-", "1e5", "-0.5E-3", "nul", "truefalse", "[1,]", "[1 2]"),
        *('{"a" 1}', '{"a":1 "b":2}', "{1:2}", '{"a":1,}', "", " ", "\ufeff{}", "\u00a0{}", "[]]", "// x\n1"),
        *("null", "true", "false", "[true,false,null]", '{"a":[}', '{"a":{]', '{"a"}', "[1}", '{"a":1]'),
        *('"\\u0000"', '"\\/\\b\\f\\n\\r\\t\\"\\\\"', "[ ]", "{ }", "\t[\r\n1 , 2 ]\n", "NaN", "Infinity"),
    ],
)
def test_json_is_read_as_the_standard_says(text: str) -> None:
    """Our reader takes and refuses what json.loads does, but for its extras: NaN, and half a surrogate pair."""
    extras = {"NaN", "Infinity", '"\\ud800"', '"\\ud800\\u0041"', '"\\ude00"', '"\\ud800x"'}
    try:
        expected = json.loads(text)
    except ValueError:
        expected = NotJsonError
    if expected is NotJsonError or text in extras:
        with pytest.raises(NotJsonError):
            read_json(text)
    else:
        assert plain(read_json(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        *((" ", "no value", 1), ("[1, ]", "no value", 4), ("[1] x", "text after the value", 4)),
        *(("[ 1 }", "no comma or bracket", 4), ("[1 2]", "no comma or bracket", 3), ("[}", "no value", 1)),
        *(("{ ]", "no key", 2), ('{"a":1, }', "no key", 8), ("{ 1:2}", "no key", 2)),
        *(('{"a" 1}', "no colon", 5), ('{"a" }', "no colon", 5)),
        *(('{"a":1 ]', "no comma or brace", 7), ('{"a":1 "b":2}', "no comma or brace", 7)),
        *((' "ab', "unfinished string", 4), (' "a\\nb\n"', "unfinished string", 6)),
        *(
            (' "a\\x"', "unknown escape", 3),
            ('"\\u12g4"', "unknown escape", 1),
            ('"\\ud800x12345"', "unknown escape", 7),
        ),
        *(('"a\\ud800\\u0041"', "half a surrogate pair", 8), ('"\\udc00"', "half a surrogate pair", 7)),
        *(("[" * 33, "nested too deeply", 32), ('{"a":' * 33, "nested too deeply", 160)),
        (" " * 262_145, "longer than allowed", 262_144),
        ("1".ljust(262_145), "longer than allowed", 262_144),
    ],
)
def test_a_text_that_is_not_json_is_refused_where_reading_stopped(text: str, reason: str, offset: int) -> None:
    """A refusal says what was missing and at which character."""
    with pytest.raises(NotJsonError) as refusal:
        read_json(text)
    assert (str(refusal.value), refusal.value.offset) == (f"{reason} at character {offset}", offset)


def test_a_key_that_comes_twice_is_shown() -> None:
    """The refusal of two equal keys names the key and where it comes again, however it is spelt."""
    for text in ('{"a":1, "a":2}', '{"a":1, "\\u0061":2}'):
        with pytest.raises(DuplicateKeyError) as refusal:
            read_json(text)
        assert (str(refusal.value), refusal.value.offset) == ("the key 'a' appears twice at character 8", 8)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(('"\\ud800\\udc00"', "\U00010000"), ('"\\udbff\\udfff"', "\U0010ffff"), ('"\\ud83d\\ude00"', "\U0001f600")),
        *(('"\\ud7ff"', "\ud7ff"), ('"\\ue000"', "\ue000"), ('"a\\u00E9b"', "aéb"), ('"\\/\\\\"', "/\\")),
    ],
)
def test_escapes_are_read_to_their_bounds(text: str, value: str) -> None:
    """The first and the last of the surrogates, and their neighbours, are the characters that they stand for."""
    assert read_json(text).value == value


def test_every_value_knows_its_place() -> None:
    """A value's offsets leave the white space about it out, whether its text holds an escape or none."""
    text = ' { "k" : [ "plain" , "\\u0065scaped" , -1.5e3 , null , { } ] } '
    members = read_json(text).value
    assert isinstance(members, dict)
    listed = members["k"]
    assert isinstance(listed.value, list)
    places = [text[item.start : item.end] for item in listed.value]
    assert places == ['"plain"', '"\\u0065scaped"', "-1.5e3", "null", "{ }"]
    assert text[listed.start : listed.end] == text[9:-3]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(json_values, st.sampled_from((None, 1, "\t")), st.booleans())
def test_any_json_is_read_back(value: object, indent: int | str | None, ascii_only: bool) -> None:
    """Whatever json.dumps writes is read as the same value, however it is laid out."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(read_json(text)) == value


def test_depth_and_size_are_bounded() -> None:
    """A text that nests deeper or is longer than any policy is refused at once, not recursed into."""
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_json(deepest).end == len(deepest)
    for text in (f"[{deepest}]", "[" * 100_000, '{"a":' * 100_000, " " * (MAX_CHARACTERS + 1)):
        with pytest.raises(NotJsonError):
            read_json(text)
    assert read_json("1".ljust(MAX_CHARACTERS)).value == Number("1")


fragments = st.sampled_from(
    (
        *('"Version"', '"2012-10-17"', '"Statement"', '"Effect"', '"Allow"', '"Action"', '"Resource"', '"Condition"'),
        *('"Principal"', '"AWS"', '"*"', '"arn:aws:s3:::${aws:username"', '"s3:*"', '"Null"', '"aws:x"', "true", "1"),
        *("{", "}", "[", "]", ":", ",", '"', "\\", "\n", "\\u12", "é"),
    )
)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60) | st.lists(fragments, max_size=40).map("".join),
    st.sampled_from(("identity", "managed", "trust", "resource", "scp", "rcp")),
)
@example(AWS_EXAMPLE, "identity")
def test_no_text_raises_anything_else(text: str, kind: PolicyKind) -> None:
    """Reading and compiling any text gives a policy or MalformedDocument, never another exception."""
    with suppress(MalformedDocument):
        assert compile_policy(read_policy(text, kind), PolicySource("p", "identity")).statements


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_edit_of_a_policy_raises_anything_else(data: st.DataObject) -> None:
    """A policy with a few characters changed is stored or refused; never another exception."""
    text = MULTILINE
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.text(max_size=2)) + text[at + data.draw(st.integers(0, 3)) :]
    with suppress(MalformedDocument):
        assert read_policy(text, "identity").statements


def test_reading_takes_time_linear_in_the_text() -> None:
    """The longest text that may come is refused or read, and does not explode."""
    action = '"s3:' + "a*" * 40_000 + '"'
    texts = (
        '{"Statement":{"Effect":"Allow","Resource":"*","Action":' + action + "}}",
        '{"Statement":[' + '{"Effect":"Allow","Action":"s3:*","Resource":"*"},' * 2_000 + "{}]}",
        '"' + "\\u0041" * 20_000,
        "{" + '"a":[],' * 10_000,
    )
    for text in texts:
        with must_end(), suppress(MalformedDocument):
            compile_policy(parse_document(text), PolicySource("p", "identity"))


def test_the_policies_that_aws_manages_pass() -> None:
    """What AWS itself stores, our rules let through: every managed policy that we carry is read, checked, compiled."""
    with ZipFile(str(files("keywright.identity").joinpath("aws_managed_policies", "policies.zip"))) as archive:
        blocks = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("documents/")]
    texts = [json.dumps(document) for block in blocks for document in block.values()]
    assert len(texts) > 1_500
    for text in texts:
        compile_policy(read_policy(text, "managed"), PolicySource("p", "identity"))


def test_size_leaves_white_space_out() -> None:
    """A policy's size is its characters without white space (User Guide, "IAM and AWS STS quotas")."""
    assert policy_size('{ "a b":\t"é"\r\n}') == 10
    assert policy_size(MULTILINE) == len(re.sub(r"\s", "", MULTILINE))
