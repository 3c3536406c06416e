"""`keywright why` against the real server: refusals of the real `aws` command explained, down to the statement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.client.denials import Ask, NewUser, of_key
from tests.e2e.conftest import MakeCli
from tests.e2e.signing import Key

DENYING = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"},
    {
      "Sid": "NoUsers",
      "Effect": "Deny",
      "Action": "iam:ListUsers",
      "Resource": "*"
    }
  ]
}"""
POINTER = ". Go to"


def test_an_explicit_deny_is_found_by_the_authorization_id(new_user: NewUser, ask: Ask) -> None:
    """The very output of the aws command, piped, names the policy, the statement, its line and its text."""
    user = new_user(DENYING)
    explained = ask(typed=user.aws.run("iam", "list-users").stderr)
    assert (explained["Verdict"], explained["Confidence"]) == ("denied", "verified")
    assert (explained["Action"], explained["BlockedBy"], explained["Explicit"]) == (
        "iam:ListUsers",
        "identity-based policy",
        True,
    )
    (statement,) = [one for one in explained["Statements"] if one["Effect"] == "Deny"]
    assert statement["Policy"] == f"the inline policy own of the user {user.name}"
    assert (statement["Sid"], statement["Number"], statement["Line"], statement["Column"]) == ("NoUsers", 2, 5, 5)
    assert '"Action": "iam:ListUsers"' in statement["Text"]
    assert explained["Evidence"][0]["Source"] == "authorization id"
    assert explained["Policy"] is None


def test_the_id_alone_and_the_words_alone_suffice(new_user: NewUser, ask: Ask) -> None:
    """An authorization id needs no text; a text without the id leads to the same statement by simulation."""
    user = new_user(DENYING)
    message = user.aws.error("iam", "list-users").message
    by_id = ask(message.rsplit(" ", 1)[1])
    assert (by_id["Confidence"], by_id["Statements"][-1]["Sid"]) == ("verified", "NoUsers")
    by_words = ask(message.split(POINTER)[0])
    assert (by_words["Confidence"], by_words["Statements"][-1]["Line"]) == ("reported", 5)


def test_an_implicit_deny_gets_the_smallest_policy_that_helps(new_user: NewUser, ask: Ask, iam: Any) -> None:
    """What is missing is said as a policy of one action on one resource; once it is there, the verdict is allowed."""
    user = new_user()
    output = user.aws.run("iam", "list-access-keys", "--user-name", user.name).stderr
    explained = ask(typed=output)
    assert (explained["Verdict"], explained["BlockedBy"], explained["Explicit"]) == (
        "denied",
        "identity-based policy",
        False,
    )
    (statement,) = json.loads(explained["Policy"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "iam:ListAccessKeys",
        "Resource": iam.get_user(UserName=user.name)["User"]["Arn"],
    }
    assert explained["NextCommands"][0].startswith(f"aws iam put-user-policy --user-name {user.name} ")
    iam.put_user_policy(UserName=user.name, PolicyName="helps", PolicyDocument=explained["Policy"])
    assert user.aws.run("iam", "list-access-keys", "--user-name", user.name).returncode == 0
    assert ask(typed=output, code=0)["Verdict"] == "allowed"


def test_a_boundary_stands_in_the_way(new_user: NewUser, ask: Ask, iam: Any) -> None:
    """Where policies allow and the boundary does not, the boundary is named."""
    user = new_user('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
    iam.put_user_permissions_boundary(
        UserName=user.name, PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    )
    output = user.aws.run("iam", "list-users").stderr
    explained = ask(typed=output)
    assert (explained["BlockedBy"], explained["Explicit"]) == ("permissions boundary", False)
    effects = {check["PolicyType"]: check["Effect"] for check in explained["Checks"]}
    assert effects["identity-based policy"] == "allows"
    assert effects["permissions boundary"] == "does not allow"
    asked = ask("iam:ListUsers", "--as", user.name)
    assert (asked["Confidence"], asked["BlockedBy"]) == ("simulated", "permissions boundary")


def test_a_session_policy_stands_in_the_way(
    ask: Ask, iam: Any, account: Any, make_client: Any, make_cli: MakeCli, admin: Key
) -> None:
    """A session that was made with a policy is told of that policy, though the role itself may."""
    trust = {"Effect": "Allow", "Principal": {"AWS": account.account_id}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    role = iam.create_role(RoleName="mighty", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="mighty", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    narrow = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    sts = make_client("sts", admin)
    made = sts.assume_role(RoleArn=role, RoleSessionName="session", Policy=narrow)["Credentials"]
    session = make_cli(Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"]))
    explained = ask(typed=session.run("iam", "list-users").stderr)
    assert (explained["BlockedBy"], explained["Confidence"]) == ("session policy", "verified")
    assert any("session" in one for one in explained["Warnings"])


def test_a_bucket_policy_stands_in_the_way(
    new_user: NewUser, ask: Ask, make_client: Any, admin: Key, account: Any
) -> None:
    """A Deny in the bucket's own policy is found there, line and all."""
    user = new_user('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}')
    s3 = make_client("s3", admin)
    s3.create_bucket(Bucket="why-bucket")
    statement = {
        "Sid": "NotTheirs",
        "Effect": "Deny",
        "Principal": {"AWS": f"arn:aws:iam::{account.account_id}:user/{user.name}"},
        "Action": "s3:GetBucketPolicy",
        "Resource": "arn:aws:s3:::why-bucket",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
    s3.put_bucket_policy(Bucket="why-bucket", Policy=policy)
    explained = ask(typed=user.aws.run("s3api", "get-bucket-policy", "--bucket", "why-bucket").stderr)
    assert (explained["BlockedBy"], explained["Explicit"]) == ("resource-based policy", True)
    (found,) = explained["Statements"]
    assert (found["Policy"], found["Sid"], found["Line"]) == (
        "the policy of the bucket why-bucket",
        "NotTheirs",
        policy[: policy.index("{", 1)].count("\n") + 1,
    )


def test_an_encoded_message_is_opened(new_user: NewUser, ask: Ask, make_client: Any) -> None:
    """The message that a refusal carries is decoded, and its statement found in the policy that it is of."""
    user = new_user(DENYING.replace("iam:ListUsers", "s3:ListAllMyBuckets"))
    with pytest.raises(Exception, match="AccessDenied") as refused:
        make_client("s3", user.key).list_buckets()
    headers = refused.value.response["ResponseMetadata"]["HTTPHeaders"]  # type: ignore[attr-defined]
    message = headers["x-keywright-encoded-authorization-message"]
    explained = ask(message)
    assert (explained["Confidence"], explained["Action"]) == ("verified", "s3:ListAllMyBuckets")
    (found,) = [one for one in explained["Statements"] if one["Effect"] == "Deny"]
    assert (found["Sid"], found["Line"], found["Column"]) == ("NoUsers", 5, 5)
    wrapped = f"You are not authorized to perform this operation. Encoded authorization failure message: {message}"
    assert ask(typed=wrapped)["Statements"] == explained["Statements"]


def test_a_quarantine_is_recognised(new_user: NewUser, ask: Ask, iam: Any) -> None:
    """Of a user whom AWS has quarantined nothing is to be allowed: the recovery is the next command."""
    user = new_user('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
    iam.attach_user_policy(UserName=user.name, PolicyArn="arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3")
    explained = ask(typed=user.aws.run("iam", "create-access-key").stderr)
    assert explained["NextCommands"] == [f"keywright quarantine --user {user.name}"]
    assert explained["Policy"] is None
    assert "quarantined" in explained["Summary"]


def test_the_denied_themselves_learn_what_the_words_say(
    new_user: NewUser, ask: Ask, person: Person, variables: Mapping[str, str]
) -> None:
    """Who may ask nothing of IAM still gets the text's explanation, and is told what could not be asked."""
    user = new_user()
    output = user.aws.run("iam", "list-users").stderr
    explained = ask(typed=output, key=user.key)
    assert (explained["Confidence"], explained["BlockedBy"]) == ("reported", "identity-based policy")
    assert any("no answer" in one["Result"] for one in explained["Evidence"])
    done = person.keywright("why", "iam:ListUsers", variables=of_key(variables, user.key))
    assert done.returncode == 3, done
    assert "SimulatePrincipalPolicy" in done.stdout


def test_who_is_not_let_in(person: Person, variables: Mapping[str, str]) -> None:
    """Without credentials a text is explained by itself; a question that needs the service is exit code 3."""
    text = (
        "An error occurred (AccessDenied) when calling the ListUsers operation: User: arn:aws:iam::111122223333:user/a "
        "is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::111122223333:user/ because no "
        "identity-based policy allows the iam:ListUsers action"
    )
    done = person.keywright("why", text)
    assert done.returncode == 1, done
    assert "denied (reported)" in done.stdout
    assert person.keywright("why", "iam:ListUsers").returncode == 3
    bad = of_key(variables, Key("AKIAIOSFODNN7EXAMPLE", "x" * 40))
    assert person.keywright("why", "iam:ListUsers", variables=bad).returncode == 3


def test_wrong_use(person: Person) -> None:
    """What is no denial is said to be none, with what there is to type instead."""
    for words, code, said in (
        (("hello world",), 2, "no form of a denial"),
        (("s3:GetObject", "mine"), 2, "a resource is an ARN"),
        (("An error occurred (InvalidClientTokenId) when calling the X operation: bad",), 1, "keywright doctor"),
        (("s3:GetObject", "--context", "x"), 2, "KEY=VALUE"),
    ):
        done = person.keywright("why", *words)
        assert done.returncode == code, done
        assert said in done.stderr


def test_a_trust_policy_stands_in_the_way(new_user: NewUser, ask: Ask, iam: Any, account: Any) -> None:
    """Who may assume by their own policies but is not trusted learns of the trust policy; trusted they may."""
    user = new_user('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}')
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName=f"for-{user.name}", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    arguments = ("sts", "assume-role", "--role-arn", role, "--role-session-name", "session")
    output = user.aws.run(*arguments).stderr
    assert "is not authorized to perform: sts:AssumeRole" in output
    explained = ask(typed=output)
    assert (explained["BlockedBy"], explained["Verdict"]) == ("role trust policy", "denied")
    assert ask("sts:AssumeRole", role, "--as", user.name)["BlockedBy"] == "role trust policy"
    (statement,) = json.loads(explained["Policy"])["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{account.account_id}:user/{user.name}"}
    iam.update_assume_role_policy(RoleName=f"for-{user.name}", PolicyDocument=explained["Policy"])
    assert user.aws.run(*arguments).returncode == 0
    assert ask("sts:AssumeRole", role, "--as", user.name, code=0)["Verdict"] == "allowed"


def test_a_context_decides(new_user: NewUser, ask: Ask) -> None:
    """--context says what a simulation lacks; without it the answer is incomplete, and names the key."""
    condition = '"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}'
    allow = f'{{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*",{condition}}}'
    user = new_user(f'{{"Version":"2012-10-17","Statement":[{allow}]}}')
    unknown = ask("iam:ListUsers", "--as", user.name)
    assert (unknown["Confidence"], unknown["Verdict"]) == ("incomplete", "denied")
    assert any("aws:SourceIp" in one for one in unknown["Warnings"])
    asked = ("iam:ListUsers", "--as", user.name, "--context")
    assert ask(*asked, "aws:SourceIp=192.0.2.7", code=0)["Verdict"] == "allowed"
    assert ask(*asked, "aws:SourceIp=198.51.100.7")["Verdict"] == "denied"


def test_an_id_that_nobody_knows(person: Person, variables: Mapping[str, str]) -> None:
    """An authorization id that is not known, or no more, explains nothing: exit code 3."""
    done = person.keywright("why", "0" * 25, variables=variables)
    assert done.returncode == 3, done
    assert "does not exist or has expired" in done.stdout
