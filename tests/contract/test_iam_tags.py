"""The tags of users by boto3."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.expect import pages, refused


@pytest.fixture
def u(iam: Any) -> str:
    """A user without tags."""
    iam.create_user(UserName="u")
    return "u"


def tag(key: str, value: str = "v") -> dict[str, str]:
    """Write a tag."""
    return {"Key": key, "Value": value}


def test_tags_are_set_and_listed(iam: Any, u: str) -> None:
    """TagUser sets tags, an empty value included; ListUserTags and GetUser show them."""
    iam.tag_user(UserName="U", Tags=[tag("b"), tag("A", "")])
    assert iam.list_user_tags(UserName=u)["Tags"] == [tag("A", ""), tag("b")]
    assert iam.get_user(UserName=u)["User"]["Tags"] == [tag("A", ""), tag("b")]


def test_tag_keys_match_in_every_case(iam: Any, u: str) -> None:
    """A tag whose key is there in another case takes its place; untagging finds it in any case."""
    iam.tag_user(UserName=u, Tags=[tag("Dept", "1")])
    iam.tag_user(UserName=u, Tags=[tag("DEPT", "2")])
    assert iam.list_user_tags(UserName=u)["Tags"] == [tag("DEPT", "2")]
    iam.untag_user(UserName=u, TagKeys=["dept", "never there"])
    assert iam.list_user_tags(UserName=u)["Tags"] == []


def test_the_same_key_twice_is_refused(iam: Any, u: str) -> None:
    """Two tags of one request whose keys differ by case alone are InvalidInput, in AWS's words."""
    message = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    with refused("InvalidInput", 400, message):
        iam.tag_user(UserName=u, Tags=[tag("a"), tag("A")])
    with refused("InvalidInput", 400, message):
        iam.create_user(UserName="v", Tags=[tag("a"), tag("A")])
    with refused("NoSuchEntity", 404):
        iam.get_user(UserName="v")


@pytest.mark.parametrize("key", ["aws:cloudformation", "AWS:x"])
def test_awss_own_keys_are_reserved(iam: Any, u: str, key: str) -> None:
    """A key that begins with aws: is AWS's, in any case."""
    with refused("InvalidInput", 400):
        iam.tag_user(UserName=u, Tags=[tag(key)])
    assert iam.list_user_tags(UserName=u)["Tags"] == []


@pytest.mark.parametrize("key", ["é ü", "a_.:/=+-@", "x" * 128, "٣"])
def test_tag_keys_of_every_allowed_kind(iam: Any, u: str, key: str) -> None:
    """Letters and digits of every script, spaces and _.:/=+-@ make a key."""
    iam.tag_user(UserName=u, Tags=[tag(key, key)])
    assert iam.list_user_tags(UserName=u)["Tags"] == [tag(key, key)]


@pytest.mark.parametrize("tags", [[tag("")], [tag("a*")], [tag("x" * 129)], [tag("a", "x" * 257)], [tag("a", "*")]])
def test_tags_of_no_allowed_kind(iam: Any, u: str, tags: list[dict[str, str]]) -> None:
    """Other keys and values are ValidationErrors."""
    with refused("ValidationError", 400):
        iam.tag_user(UserName=u, Tags=tags)


def test_a_tag_needs_key_and_value(iam: Any, u: str) -> None:
    """Half a tag is a ValidationError that names the place in the list."""
    with refused("ValidationError", 400) as answer:
        iam.tag_user(UserName=u, Tags=[{"Key": "a"}])
    assert (
        "at 'tags.1.member.value' failed to satisfy constraint: Member must not be null" in answer["Error"]["Message"]
    )


def test_a_user_has_50_tags_at_most(iam: Any, u: str) -> None:
    """The 51st tag is LimitExceeded, whether it comes in one request or in two; a new value is no new tag."""
    iam.tag_user(UserName=u, Tags=[tag(f"k{number}") for number in range(50)])
    iam.tag_user(UserName=u, Tags=[tag("K7", "new")])
    with refused("LimitExceeded", 409, "Cannot exceed quota for TagsPerUser: 50"):
        iam.tag_user(UserName=u, Tags=[tag("one too many")])
    assert len(iam.list_user_tags(UserName=u)["Tags"]) == 50
    with refused("ValidationError", 400):
        iam.tag_user(UserName=u, Tags=[tag(f"k{number}") for number in range(51)])


def test_list_user_tags_pages_to_the_end(iam: Any, u: str) -> None:
    """Pages of one hold each tag once, by key, and end."""
    iam.tag_user(UserName=u, Tags=[tag("c"), tag("B"), tag("a")])
    assert pages(iam, "list_user_tags", "Tags", UserName=u) == [[tag("a")], [tag("B")], [tag("c")]]


@pytest.mark.parametrize(
    ("operation", "more"),
    [("tag_user", {"Tags": [tag("a")]}), ("untag_user", {"TagKeys": ["a"]}), ("list_user_tags", {})],
)
def test_tags_of_nobody(iam: Any, operation: str, more: dict[str, Any]) -> None:
    """The tags of a user who is not there are NoSuchEntity."""
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        getattr(iam, operation)(UserName="nobody", **more)


def test_untag_user_refuses_what_is_no_key(iam: Any, u: str) -> None:
    """A key that no tag can have is a ValidationError."""
    with refused("ValidationError", 400):
        iam.untag_user(UserName=u, TagKeys=["*"])
