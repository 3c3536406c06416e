"""AWS's words for values outside the model."""

from __future__ import annotations

from typing import Any

import pytest

from keywright.aws.model import Member, ServiceModel, Shape
from keywright.protocol.constraints import Constraints, Wording, explain


def complaint(service: ServiceModel, shape: str, values: dict[str, Any]) -> str | None:
    """Check values against a structure and give the sentence."""
    check = Constraints(Wording.of(service)).members(service.shapes[shape])
    assert check is not None
    violations = check(values)
    return None if violations is None else explain(violations)


def test_good_values_pass(models: dict[str, ServiceModel]) -> None:
    """Values inside the model give no violation."""
    assert complaint(models["iam"], "CreateUserRequest", {"UserName": "alice", "Path": "/a/"}) is None


def test_a_missing_member_is_null(models: dict[str, ServiceModel]) -> None:
    """A required member that is absent is a null value."""
    assert complaint(models["iam"], "CreateUserRequest", {}) == (
        "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"
    )


def test_iam_names_neither_value_nor_enum_set(models: dict[str, ServiceModel]) -> None:
    """IAM's wording as recorded in 2026: no value, no set."""
    bad = {"AccessKeyId": "A" * 20, "Status": "Off"}
    assert complaint(models["iam"], "UpdateAccessKeyRequest", bad) == (
        "1 validation error detected: Value at 'status' failed to satisfy constraint: "
        "Member must satisfy enum value set"
    )
    bad = {"ServiceSpecificCredentialId": "wrong id wrong id wrong id"}
    assert complaint(models["iam"], "ResetServiceSpecificCredentialRequest", bad) == (
        "1 validation error detected: Value at 'serviceSpecificCredentialId' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w]+"
    )


def test_sts_repeats_the_value(models: dict[str, ServiceModel]) -> None:
    """STS's wording as recorded: the value, then the pattern."""
    bad = {"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "Session1:2"}
    assert complaint(models["sts"], "AssumeRoleRequest", bad) == (
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
    )


def test_of_one_value_the_pattern_comes_before_the_length(models: dict[str, ServiceModel]) -> None:
    """An empty role ARN breaks two constraints, told in STS's order."""
    bad = {"RoleArn": "", "RoleSessionName": "session"}
    shown = "Value '' at 'roleArn' failed to satisfy constraint: Member must"
    assert complaint(models["sts"], "AssumeRoleRequest", bad) == (
        f"2 validation errors detected: {shown} satisfy regular expression pattern: "
        r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+; "
        f"{shown} have length greater than or equal to 20"
    )


def test_numbers_have_a_range(models: dict[str, ServiceModel]) -> None:
    """A number below or above its range says which bound it breaks."""
    shape = "GetSessionTokenRequest"
    assert (
        "'899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"
        in (complaint(models["sts"], shape, {"DurationSeconds": 899}) or "")
    )
    assert "Member must have value less than or equal to 129600" in (
        complaint(models["sts"], shape, {"DurationSeconds": 129601}) or ""
    )


def test_all_violations_are_told_at_once(models: dict[str, ServiceModel]) -> None:
    """Several violations, also of one value, stand in one sentence with their number; names and paths come later."""
    bad = {"UserName": "x" * 65, "Path": "no slash", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "#" * 129}]}
    assert complaint(models["iam"], "CreateUserRequest", bad) == (
        "4 validation errors detected: "
        "Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64; "
        "Value at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: "
        r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+; "
        "Value at 'tags.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 128; "
        "Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null"
    )


NAME = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
PATH = "It must begin and end with / and contain only alphanumeric characters and/or / characters."
PREFIX = "It must begin with the / character and contain only alphanumeric characters and/or / characters."


@pytest.mark.parametrize(
    ("shape", "values", "message"),
    [
        ("CreateUserRequest", {"UserName": "a b"}, f"The specified value for userName is invalid. {NAME}"),
        ("GetUserRequest", {"UserName": "a/b"}, f"The specified value for userName is invalid. {NAME}"),
        ("CreateGroupRequest", {"GroupName": "é"}, f"The specified value for groupName is invalid. {NAME}"),
        ("GetRoleRequest", {"RoleName": "a\n"}, f"The specified value for roleName is invalid. {NAME}"),
        (
            "PutUserPolicyRequest",
            {"UserName": "u", "PolicyName": "a:b", "PolicyDocument": "{}"},
            f"The specified value for policyName is invalid. {NAME}",
        ),
        (
            "CreateUserRequest",
            {"UserName": "a b", "Path": "x"},
            f"The specified value for path is invalid. {PATH}",
        ),
        (
            "CreatePolicyRequest",
            {"PolicyName": "p", "Path": "/a b/", "PolicyDocument": "{}"},
            f"The specified value for path is invalid. {PATH}",
        ),
        ("ListUsersRequest", {"PathPrefix": "{x"}, f"The specified value for pathPrefix is invalid. {PREFIX}"),
        (
            "CreateUserRequest",
            {"UserName": ""},
            (
                "1 validation error detected: Value at 'userName' failed to satisfy constraint: "
                "Member must have length greater than or equal to 1"
            ),
        ),
    ],
)
def test_iam_has_sentences_for_names_and_paths(
    models: dict[str, ServiceModel], shape: str, values: dict[str, Any], message: str
) -> None:
    """A bad name or path is told in IAM's own sentence, the first one alone, when nothing else is wrong."""
    assert complaint(models["iam"], shape, values) == message


def test_a_list_has_a_length(models: dict[str, ServiceModel]) -> None:
    """More items than the model allows is a violation of the list."""
    tags = [{"Key": f"k{number}", "Value": ""} for number in range(51)]
    assert complaint(models["iam"], "CreateUserRequest", {"UserName": "alice", "Tags": tags}) == (
        "1 validation error detected: Value at 'tags' failed to satisfy constraint: "
        "Member must have length less than or equal to 50"
    )


def test_thousands_of_violations_are_counted_and_not_told(models: dict[str, ServiceModel]) -> None:
    """The message of a request with thousands of faults stays short enough for the trail."""
    message = complaint(models["iam"], "CreateUserRequest", {"UserName": "alice", "Tags": [{}] * 5000}) or ""
    assert message.startswith("10001 validation errors detected: Value at 'tags' failed")
    assert message.count("Member must not be null") == 99
    assert len(message) < 20_000


def test_scalars_in_a_list_are_the_lists_fault(models: dict[str, ServiceModel]) -> None:
    """Bad scalars in a list give one violation of the list, whose constraints stand in brackets, each once."""
    bad = {"RoleArn": "a" * 20, "RoleSessionName": "session", "TransitiveTagKeys": ["ok", "#", "%"]}
    assert complaint(models["sts"], "AssumeRoleRequest", bad) == (
        "1 validation error detected: Value '[ok, #, %]' at 'transitiveTagKeys' failed to satisfy constraint: "
        r"Member must satisfy constraint: [Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+]"
    )


def test_sensitive_values_are_never_shown(models: dict[str, ServiceModel]) -> None:
    """A secret outside its constraints is complained of, but not repeated."""
    bad = {"SecretId": "s", "SecretString": "hunter2" * 10000, "ClientRequestToken": "t" * 32}
    message = complaint(models["secretsmanager"], "PutSecretValueRequest", bad) or ""
    assert (
        "Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to" in message
    )
    assert "hunter2" not in message


def test_long_values_are_not_shown(models: dict[str, ServiceModel]) -> None:
    """A value of more than a kilobyte is not repeated."""
    bad = {"RoleArn": "a" * 3000, "RoleSessionName": "session"}
    assert "Value at 'roleArn' failed" in (complaint(models["sts"], "AssumeRoleRequest", bad) or "")


def test_enum_sets_are_told_where_the_service_tells_them(models: dict[str, ServiceModel]) -> None:
    """CloudTrail's message lists the values that would do."""
    assert complaint(models["cloudtrail"], "LookupEventsRequest", {"EventCategory": "management"}) == (
        "1 validation error detected: Value 'management' at 'eventCategory' failed to satisfy constraint: "
        "Member must satisfy enum value set: [insight]"
    )


def _shape(name: str, kind: str, shapes: dict[str, Shape], **traits: Any) -> Shape:
    for place in ("element", "key", "value"):
        if place in traits:
            traits[place] = Member(place, traits[place], shapes=shapes)
    if "members" in traits:
        traits["members"] = {
            member: Member(member, target, required=member in traits.get("required", ()), shapes=shapes)
            for member, target in traits["members"].items()
        }
    shapes[name] = Shape(name, kind, **traits)
    return shapes[name]


@pytest.fixture
def shapes() -> dict[str, Shape]:
    """Make shapes that AWS's models lack today: maps of bounded values, a structure inside itself, an open document."""
    shapes: dict[str, Shape] = {}
    _shape("Short", "string", shapes, max=3)
    _shape("Flag", "boolean", shapes)
    _shape("Bounded", "map", shapes, key="Short", value="Short", max=2)
    _shape("Free", "map", shapes, key="Flag", value="Flag")
    _shape("Plain", "list", shapes, element="Flag")
    _shape("Node", "structure", shapes, members={"Name": "Short", "Child": "Node"}, required=("Name",))
    _shape("Loop", "structure", shapes, members={"Next": "Loop"})
    _shape("Nodes", "map", shapes, key="Short", value="Node")
    _shape("Bytes", "blob", shapes, max=3)
    _shape("Flags", "list", shapes, element="Flag", max=1)
    _shape("Document", "structure", shapes, document=True)
    names = ("Bounded", "Free", "Plain", "Node", "Loop", "Nodes", "Bytes", "Flags", "Document")
    _shape("Input", "structure", shapes, members={name: name for name in names})
    return shapes


def told(shapes: dict[str, Shape], values: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    """Give each violation in its parts, the constraint without the words that they all share."""
    check = Constraints(Wording(shows_value=True, specified={})).members(shapes["Input"])
    assert check is not None
    return [(path, shown, text.replace("Member must have length ", "")) for path, shown, text in check(values) or ()]


def test_maps_are_told_apart_by_keys_and_values(shapes: dict[str, Shape]) -> None:
    """A map's size, keys and values each have their sentence."""
    assert told(shapes, {"Bounded": {"long key": "x"}}) == [
        ("bounded", "'{long key=x}'", "Map keys must satisfy constraint: [less than or equal to 3]")
    ]
    assert told(shapes, {"Bounded": {"a": "long"}}) == [
        ("bounded", "'{a=long}'", "Map value must satisfy constraint: [less than or equal to 3]")
    ]
    assert told(shapes, {"Bounded": {"a": "1", "b": "2", "c": "3"}}) == [
        ("bounded", "'{a=1, b=2, c=3}'", "less than or equal to 2")
    ]
    assert told(shapes, {"Nodes": {"a": {}}}) == [("nodes.a.member.name", "null", "Member must not be null")]


def test_what_has_no_constraint_passes(shapes: dict[str, Shape]) -> None:
    """Lists, maps, documents and structures without constraints cost no check."""
    values = {"Free": {"a": True}, "Plain": [True], "Loop": {"Next": {"Next": {}}}, "Document": {"any": [None]}}
    assert told(shapes, values) == []


def test_a_structure_inside_itself_is_checked_all_the_way_down(shapes: dict[str, Shape]) -> None:
    """Recursion in the model is followed in the value."""
    assert told(shapes, {"Node": {"Name": "a", "Child": {"Name": "b", "Child": {"Name": "long"}}}}) == [
        ("node.child.child.name", "'long'", "less than or equal to 3")
    ]


def test_bytes_have_a_length_and_are_not_shown(shapes: dict[str, Shape]) -> None:
    """A blob is measured, not repeated; a list of booleans is shown as Java would."""
    assert told(shapes, {"Bytes": b"1234", "Flags": [True, False]}) == [
        ("bytes", None, "less than or equal to 3"),
        ("flags", "'[true, false]'", "less than or equal to 1"),
    ]
