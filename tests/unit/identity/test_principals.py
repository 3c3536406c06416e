"""Who calls: what each kind of caller is called, and whose tags and permissions it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from keywright.identity.principals import (
    Caller,
    Issuer,
    Session,
    SessionTag,
    Vouched,
    federated_caller,
    role_caller,
    root_caller,
    user_caller,
    vouched_caller,
)
from keywright.policy.policy_set import PolicySet

ACCOUNT = "111122223333"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROLE = Issuer("Role", f"arn:aws:iam::{ACCOUNT}:role/path/r", "AROAX", "r")


def session(*tags: SessionTag) -> Session:
    """Make a session called bob."""
    return Session("ASIAX", NOW, NOW + timedelta(hours=1), mfa_authenticated=False, name="bob", tags=tags)


def user(**tags: str) -> Caller:
    """Make a user with tags."""
    return user_caller(ACCOUNT, "AIDAX", "/a/", "alice", "AKIAX", PolicySet(), tags)


def test_only_the_root_user_has_no_id() -> None:
    """`user_id` is None for root alone: nobody else must be taken for it where rows are owned by None."""
    root = root_caller(ACCOUNT, "c" * 64, "AKIAX")
    role = role_caller(ACCOUNT, ROLE, session(), PolicySet(), {})
    vouched = Vouched("arn", "sub", "arn:aud:sub", "arn", {}, (), None, None)
    others = (
        user(),
        role,
        federated_caller(root, session(), PolicySet()),
        vouched_caller(ACCOUNT, "SAMLUser", vouched),
    )
    assert root.user_id is None
    assert all(caller.user_id is not None for caller in others)


def test_a_role_session_is_called_by_its_role_and_name() -> None:
    """Its ARN has no path, its id the role's; `aws:PrincipalArn` is the role itself."""
    caller = role_caller(ACCOUNT, ROLE, session(), PolicySet(), {})
    assert caller.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/bob"
    assert (caller.principal_id, caller.entity_arn) == ("AROAX:bob", ROLE.arn)
    principal = caller.as_policy_principal
    assert (principal.type, principal.issuer_arn, principal.unique_id) == ("role-session", ROLE.arn, "AROAX")


def test_a_federated_user_is_called_by_its_name() -> None:
    """It is nobody's ARN but its own, and says whose it is."""
    caller = federated_caller(user(), session(), PolicySet())
    assert caller.arn == caller.entity_arn == f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
    assert caller.principal_id == f"{ACCOUNT}:bob"
    assert caller.issuer == Issuer("IAMUser", f"arn:aws:iam::{ACCOUNT}:user/a/alice", "AIDAX", "alice")
    assert caller.as_policy_principal.type == "federated"


def test_a_sessions_tags_lie_above_its_owners() -> None:
    """A tag of the same key, in whatever case, gives way; the others stay as they are spelt."""
    tags = (SessionTag("TEAM", "blue"), SessionTag("New", "x"))
    assert federated_caller(user(team="red", Other="y"), session(*tags), PolicySet()).tags == {
        "Other": "y",
        "TEAM": "blue",
        "New": "x",
    }
    assert role_caller(ACCOUNT, ROLE, session(), PolicySet(), {"team": "red"}).tags == {"team": "red"}


def test_transitive_tags_are_those_that_go_on() -> None:
    """A user hands on none, a session those that were said to be transitive."""
    one = SessionTag("a", "1", transitive=True)
    assert user(a="1").transitive_tags == ()
    assert role_caller(ACCOUNT, ROLE, session(one, SessionTag("b", "2")), PolicySet(), {}).transitive_tags == (one,)
