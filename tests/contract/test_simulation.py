"""The policy simulator by boto3: it answers what the corridor itself decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.expect import allow, deny, pages, refused
from tests.contract.in_process import CLIENT_ADDRESS, Account, Key, Server, make_account

OTHER = "444455556666"
BUCKET = "arn:aws:s3:::photos"


def simulate(account: Account, policies: list[str], actions: list[str], **more: Any) -> list[dict[str, Any]]:
    """Simulate policies given as text."""
    answer = account.iam.simulate_custom_policy(PolicyInputList=policies, ActionNames=actions, **more)
    results: list[dict[str, Any]] = answer["EvaluationResults"]
    return results


def decision(account: Account, policies: list[str], action: str = "s3:GetObject", **more: Any) -> str:
    """Give the decision on one action."""
    (result,) = simulate(account, policies, [action], **more)
    text: str = result["EvalDecision"]
    return text


def entry(name: str, kind: str, *values: str) -> dict[str, Any]:
    """Write a context entry."""
    return {"ContextKeyName": name, "ContextKeyType": kind, "ContextKeyValues": list(values)}


def test_a_result_has_decision_template_and_statement(account: Account) -> None:
    """One result for an action: the resource's template, the statement that decided and where it stands."""
    line = '    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}'
    text = f'{{\n  "Version": "2012-10-17",\n  "Statement": [\n{line}\n  ]\n}}'
    (result,) = simulate(account, [deny("iam:*"), text], ["s3:GetObject"])
    (statement,) = result.pop("MatchedStatements")
    assert result == {
        "EvalActionName": "s3:GetObject",
        "EvalResourceName": "arn:${Partition}:s3:::${BucketName}/${ObjectName}",
        "EvalDecision": "allowed",
        "MissingContextValues": [],
    }
    assert (statement["SourcePolicyId"], statement["SourcePolicyType"]) == ("PolicyInputList.2", "IAM Policy")
    assert statement["StartPosition"] == {"Line": 3, "Column": len('  "Statement": [') + 1}
    assert statement["EndPosition"] == {"Line": 4, "Column": len(line) + 1}


def test_decisions(account: Account) -> None:
    """Allowed, denied because nothing allows, denied because something denies; an unknown action is nobody's."""
    assert decision(account, [allow("s3:*")]) == "allowed"
    assert decision(account, [allow("iam:*")]) == "implicitDeny"
    assert decision(account, [allow("s3:*"), deny("s3:Get*")]) == "explicitDeny"
    assert decision(account, [allow("s3:*")], "foo:Bar") == "implicitDeny"


def test_each_resource_has_its_result(account: Account) -> None:
    """Over several resources the worst decision is on top, with its statements; each resource has its own."""
    policies = [allow("s3:GetObject", BUCKET + "/a"), deny("s3:GetObject", BUCKET + "/b")]
    arns = [f"{BUCKET}/{name}" for name in "abc"]
    (result,) = simulate(account, policies, ["s3:GetObject"], ResourceArns=arns)
    specific = result["ResourceSpecificResults"]
    assert [one["EvalResourceName"] for one in specific] == arns
    assert [one["EvalResourceDecision"] for one in specific] == ["allowed", "explicitDeny", "implicitDeny"]
    assert result["EvalDecision"] == "explicitDeny"
    assert result["EvalResourceName"] == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
    assert [one["SourcePolicyId"] for one in result["MatchedStatements"]] == ["PolicyInputList.2"]
    assert result["EvalDecisionDetails"] == {}


def test_a_result_about_one_resource_names_it(account: Account) -> None:
    """The result of an action on one resource has that resource's ARN, of a custom policy and of a principal's."""
    account.user("alice")
    this = {"ActionNames": ["s3:GetObject", "s3:PutObject"], "ResourceArns": [f"{BUCKET}/a"]}
    source = f"arn:aws:iam::{account.account_id}:user/alice"
    for answer in (
        account.iam.simulate_custom_policy(PolicyInputList=[allow("s3:Get*")], **this),
        account.iam.simulate_principal_policy(PolicySourceArn=source, **this),
    ):
        assert [one["EvalResourceName"] for one in answer["EvaluationResults"]] == [f"{BUCKET}/a"] * 2


@pytest.mark.parametrize(
    ("operator", "values", "good", "bad"),
    [
        ("StringEquals", ["a"], ("string", ["a"]), ("string", ["b"])),
        ("ForAllValues:StringEquals", ["a", "b"], ("stringList", ["a", "b"]), ("stringList", ["a", "c"])),
        ("NumericLessThan", ["10"], ("numeric", ["9"]), ("numeric", ["10"])),
        ("ForAnyValue:NumericEquals", ["1"], ("numericList", ["1", "2"]), ("numericList", ["2", "3"])),
        ("Bool", ["true"], ("boolean", ["true"]), ("boolean", ["false"])),
        ("ForAnyValue:Bool", ["true"], ("booleanList", ["true", "false"]), ("booleanList", ["false"])),
        ("IpAddress", ["192.0.2.0/24"], ("ip", ["192.0.2.9"]), ("ip", ["198.51.100.9"])),
        ("ForAllValues:IpAddress", ["192.0.2.0/24"], ("ipList", ["192.0.2.9"]), ("ipList", ["198.51.100.9"])),
        ("BinaryEquals", ["QUJD"], ("binary", ["QUJD"]), ("binary", ["QUJE"])),
        ("ForAnyValue:BinaryEquals", ["QUJD"], ("binaryList", ["QUJD"]), ("binaryList", ["QUJE"])),
        ("DateLessThan", ["2026-01-01"], ("date", ["2025-06-01"]), ("date", ["2026-06-01T00:00:00Z"])),
        ("ForAnyValue:DateLessThan", ["2026-01-01"], ("dateList", ["2025-06-01"]), ("dateList", ["2026-06-01"])),
    ],
)
def test_context_entries_of_every_type(
    account: Account, operator: str, values: list[str], good: tuple[str, list[str]], bad: tuple[str, list[str]]
) -> None:
    """A condition holds on a value that fits, fails on one that does not, and is told of where there is none."""
    document = allow("s3:*", Condition={operator: {"aws:PrincipalTag/x": values}})
    for (kind, given_values), expected in ((good, "allowed"), (bad, "implicitDeny")):
        entries = [entry("aws:principaltag/X", kind, *given_values)]
        assert decision(account, [document], ContextEntries=entries) == expected
    (result,) = simulate(account, [document], ["s3:GetObject"])
    assert result["MissingContextValues"] == ["aws:PrincipalTag/x"]


@pytest.mark.parametrize(
    "bad_entry",
    [
        entry("aws:username", "string", "a", "b"),
        entry("aws:username", "numeric", "x"),
        entry("aws:username", "boolean", "x"),
        entry("aws:username", "ip", "x"),
        entry("aws:username", "ip", "192.0.2.0/99"),
        entry("aws:username", "binary", "!"),
        entry("aws:username", "date", "x"),
        {"ContextKeyName": "aws:username", "ContextKeyValues": ["a"]},
    ],
)
def test_context_entries_that_are_none(account: Account, bad_entry: dict[str, Any]) -> None:
    """A value that is not of its type, several where the type is no list, a missing type: InvalidInput."""
    with refused("InvalidInput", 400):
        simulate(account, [allow("s3:*")], ["s3:GetObject"], ContextEntries=[bad_entry])


@pytest.mark.parametrize(
    "parameters",
    [
        {"PolicyInputList": ["{}"]},
        {"PolicyInputList": [allow("s3:*").replace("s3:*", "nothing")]},
        {"ActionNames": ["s3:*"]},
        {"ActionNames": ["GetObject"]},
        {"ResourceArns": ["photos"]},
        {"ResourceOwner": "somebody"},
        {"CallerArn": "arn:aws:sts::111122223333:assumed-role/a/b"},
        {"ResourcePolicy": allow("s3:*", Principal="*")},
        {"PermissionsBoundaryPolicyInputList": [allow("s3:*"), allow("s3:*")]},
        {"ResourceHandlingOption": "EC2-Classic"},
        {"ResourceHandlingOption": "EC2-VPC-EBS", "ResourceArns": ["arn:aws:ec2:us-east-1:111122223333:instance/*"]},
    ],
)
def test_what_cannot_be_simulated(account: Account, parameters: dict[str, Any]) -> None:
    """What is no policy, action, resource, owner, caller or scenario is InvalidInput."""
    good = {"PolicyInputList": [allow("s3:*")], "ActionNames": ["s3:GetObject"]}
    with refused("InvalidInput", 400):
        account.iam.simulate_custom_policy(**(good | parameters))


def test_a_scenario_with_all_it_needs(account: Account) -> None:
    """A handling option with a resource of each type that it asks for is simulated as if it were not there."""
    arns = [
        f"arn:aws:ec2:us-east-1:{account.account_id}:{kind}/*"
        for kind in ("instance", "image", "security-group", "network-interface", "volume")
    ]
    more: dict[str, Any] = {"ResourceArns": arns, "ResourceHandlingOption": "EC2-VPC-EBS"}
    assert decision(account, [allow("ec2:*")], "ec2:RunInstances", **more) == "allowed"


def test_a_boundary_is_told_of(account: Account) -> None:
    """What the boundary does not allow is denied, and the result says whether the boundary allows."""
    for boundary, expected in ((allow("s3:*"), True), (allow("iam:*"), False), (deny("s3:*"), False)):
        more = {"PermissionsBoundaryPolicyInputList": [boundary], "ResourceArns": [BUCKET]}
        (result,) = simulate(account, [allow("s3:*")], ["s3:ListBucket"], **more)
        assert (result["EvalDecision"] == "allowed") is expected
        detail = {"AllowedByPermissionsBoundary": expected}
        assert result["PermissionsBoundaryDecisionDetail"] == detail
        assert result["ResourceSpecificResults"][0]["PermissionsBoundaryDecisionDetail"] == detail


def test_each_level_of_an_organisation_must_allow(account: Account) -> None:
    """A service control policy at any level stands in the way; results tell that, not its statements."""
    full, narrow = allow("*"), deny("s3:*")
    for levels, expected in (([[full], [full]], True), ([[full], [narrow, full]], False), ([[full], []], True)):
        policies = [{"ServiceControlPolicyInputList": level} for level in levels]
        (result,) = simulate(
            account,
            [allow("s3:*")],
            ["s3:ListBucket"],
            OrderedOrganizationPolicyInputList=policies,
            ResourceArns=[BUCKET],
        )
        assert (result["EvalDecision"] == "allowed") is expected
        assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": expected}
        assert ("EvalDecisionDetails" in result) is expected
        assert bool(result["MatchedStatements"]) is expected


def test_a_resource_policy_alone_grants_within_the_account(account: Account) -> None:
    """In one account either side is enough; the resource's policy is named as such."""
    caller = f"arn:aws:iam::{account.account_id}:user/bob"
    policy = allow("s3:GetObject", BUCKET + "/*", Principal={"AWS": caller})
    more: dict[str, Any] = {"ResourcePolicy": policy, "CallerArn": caller, "ResourceArns": [BUCKET + "/a"]}
    (result,) = simulate(account, [allow("iam:*")], ["s3:GetObject"], **more)
    assert result["EvalDecision"] == "allowed"
    assert [one["SourcePolicyType"] for one in result["MatchedStatements"]] == ["Resource Policy"]
    assert decision(account, [allow("iam:*")], **(more | {"CallerArn": caller + "by"})) == "implicitDeny"


def test_across_accounts_both_sides_must_allow(account: Account) -> None:
    """Another account's resource wants both policies, and the result says what each of them says."""
    caller = f"arn:aws:iam::{account.account_id}:user/bob"
    policy = allow("s3:GetObject", BUCKET + "/*", Principal={"AWS": caller})
    more: dict[str, Any] = {
        "ResourcePolicy": policy,
        "CallerArn": caller,
        "ResourceArns": [BUCKET + "/a"],
        "ResourceOwner": f"arn:aws:iam::{OTHER}:root",
    }
    (result,) = simulate(account, [allow("iam:*")], ["s3:GetObject"], **more)
    details = {"IAM Policy": "implicitDeny", "Resource Policy": "allowed"}
    assert (result["EvalDecision"], result["EvalDecisionDetails"]) == ("implicitDeny", details)
    assert result["ResourceSpecificResults"][0]["EvalDecisionDetails"] == details
    assert decision(account, [allow("s3:*")], **more) == "allowed"
    alone = {name: value for name, value in more.items() if name != "ResourcePolicy"}
    (result,) = simulate(account, [allow("s3:*")], ["s3:GetObject"], **alone)
    assert result["EvalDecisionDetails"] == {"IAM Policy": "allowed", "Resource Policy": "implicitDeny"}


def test_results_come_in_pages(account: Account) -> None:
    """Pages of actions put together are the whole, in the order asked."""
    actions = [f"s3:{name}" for name in ("PutObject", "GetObject", "DeleteObject", "ListBucket", "GetBucketAcl")]
    found = pages(
        account.iam,
        "simulate_custom_policy",
        "EvaluationResults",
        2,
        PolicyInputList=[allow("s3:*")],
        ActionNames=actions,
    )
    assert [len(page) for page in found] == [2, 2, 1]
    assert [result["EvalActionName"] for page in found for result in page] == actions


def test_a_principal_brings_all_it_bears(account: Account) -> None:
    """A user's inline, attached and group policies and the boundary count, each named for whose it is."""
    iam = account.iam
    account.user("alice", allow("iam:GetUser"))
    managed = iam.create_policy(PolicyName="readers", PolicyDocument=allow("s3:GetObject"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="alice", PolicyArn=managed)
    iam.create_group(GroupName="team")
    iam.put_group_policy(GroupName="team", PolicyName="shared", PolicyDocument=allow("s3:PutObject"))
    iam.add_user_to_group(GroupName="team", UserName="alice")
    arn = f"arn:aws:iam::{account.account_id}:user/alice"
    actions = ["iam:GetUser", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"]

    def ask(**more: Any) -> dict[str, tuple[str, list[str]]]:
        results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions, **more)["EvaluationResults"]
        return {
            one["EvalActionName"]: (
                one["EvalDecision"],
                [match["SourcePolicyId"] for match in one["MatchedStatements"]],
            )
            for one in results
        }

    assert ask() == {
        "iam:GetUser": ("allowed", ["user_alice_inline"]),
        "s3:GetObject": ("allowed", ["readers"]),
        "s3:PutObject": ("allowed", ["group_team_shared"]),
        "s3:DeleteObject": ("implicitDeny", []),
    }
    more = ask(PolicyInputList=[allow("s3:DeleteObject")])
    assert more["s3:DeleteObject"] == ("allowed", ["PolicyInputList.1"])
    bound = iam.create_policy(PolicyName="bound", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=bound)
    assert ask()["iam:GetUser"][0] == "implicitDeny"
    assert ask(PermissionsBoundaryPolicyInputList=[allow("*")])["iam:GetUser"][0] == "allowed"
    for exclusion in ({"PolicyType": "permission-boundary"}, {"PolicyArn": bound}):
        assert ask(PolicyExclusionList=[exclusion])["iam:GetUser"][0] == "allowed"
    group = {"PolicyName": "shared", "AttachmentType": "group", "AttachmentName": "team"}
    for exclusion, gone in (
        ({"PolicyType": "user-managed"}, "s3:GetObject"),
        ({"PolicyArn": managed[:-2] + "*"}, "s3:GetObject"),
        ({"InlinePolicyIdentifier": group}, "s3:PutObject"),
        ({"PolicyType": "inline"}, "s3:PutObject"),
    ):
        assert ask(PolicyExclusionList=[exclusion])[gone][0] == "implicitDeny", exclusion
    assert (
        ask(PolicyExclusionList=[{"PolicyType": "aws-managed"}, {"PolicyType": "scp"}])["s3:PutObject"][0] == "allowed"
    )


@pytest.mark.parametrize(
    "exclusion",
    [
        {"PolicyArn": "arn:aws:iam::aws:policy"},
        {"PolicyArn": "arn:aws:iam::111122223333:policy/*a*"},
        {"InlinePolicyIdentifier": {"PolicyName": "p", "AttachmentType": "user", "AttachmentName": "**"}},
    ],
)
def test_exclusions_that_are_none(account: Account, exclusion: dict[str, Any]) -> None:
    """An identifier of nothing, of a malformed ARN, or with too many wildcards is InvalidInput or out of its form."""
    arn = f"arn:aws:iam::{account.account_id}:user/admin"
    with pytest.raises(ClientError) as caught:
        account.iam.simulate_principal_policy(
            PolicySourceArn=arn, ActionNames=["s3:GetObject"], PolicyExclusionList=[exclusion]
        )
    assert caught.value.response["Error"]["Code"] in {"InvalidInput", "ValidationError"}


@pytest.mark.parametrize("operation", ["simulate_principal_policy", "get_context_keys_for_principal_policy"])
def test_principals_that_are_not_there(account: Account, other: Account, operation: str) -> None:
    """An entity that is not there, or is another account's, cannot be retrieved; what is no entity is InvalidInput."""
    more = {"ActionNames": ["s3:GetObject"]} if operation.startswith("simulate") else {}
    ask = getattr(account.iam, operation)
    for arn in (f"arn:aws:iam::{account.account_id}:user/nobody", f"arn:aws:iam::{other.account_id}:user/admin"):
        with refused("NoSuchEntity", 404, "Unable to retrieve specified IAM entity."):
            ask(PolicySourceArn=arn, **more)
    with refused("InvalidInput", 400):
        ask(PolicySourceArn=f"arn:aws:iam::{account.account_id}:policy/p", **more)


def test_a_role_is_simulated_as_its_session(account: Account) -> None:
    """A role's policies count, its tags are the caller's, and a resource policy is refused for roles."""
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    )
    arn = account.iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust, Tags=[{"Key": "Team", "Value": "a"}])[
        "Role"
    ]["Arn"]
    condition = {"StringEquals": {"aws:PrincipalTag/team": "a", "aws:PrincipalArn": arn}}
    account.iam.put_role_policy(
        RoleName="app", PolicyName="p", PolicyDocument=allow("s3:GetObject", Condition=condition)
    )
    asked = {"PolicySourceArn": arn, "ActionNames": ["s3:GetObject"]}
    (result,) = account.iam.simulate_principal_policy(**asked)["EvaluationResults"]
    assert (result["EvalDecision"], result["MatchedStatements"][0]["SourcePolicyId"]) == ("allowed", "role_app_p")
    with refused("InvalidInput", 400):
        account.iam.simulate_principal_policy(**asked, ResourcePolicy=allow("s3:*", Principal="*"))


def test_context_keys_that_policies_name(account: Account) -> None:
    """Keys of conditions and variables are listed once, spelt as first written; a principal's are of all it bears."""
    first = allow("s3:*", BUCKET + "/${aws:username}", Condition={"StringEquals": {"aws:PrincipalTag/team": "a"}})
    second = allow("s3:*", Condition={"StringEquals": {"aws:SecureTransport": "true", "AWS:UserName": "a"}})
    keys = account.iam.get_context_keys_for_custom_policy(PolicyInputList=[first, second])["ContextKeyNames"]
    assert keys == ["aws:username", "aws:PrincipalTag/team", "aws:SecureTransport"]
    account.user("alice", second)
    arn = f"arn:aws:iam::{account.account_id}:user/alice"
    keys = account.iam.get_context_keys_for_principal_policy(PolicySourceArn=arn, PolicyInputList=[first])[
        "ContextKeyNames"
    ]
    assert keys == ["aws:SecureTransport", "AWS:UserName", "aws:PrincipalTag/team"]
    with refused("InvalidInput", 400):
        account.iam.get_context_keys_for_custom_policy(PolicyInputList=["{"])


def test_the_simulator_needs_its_permissions(account: Account) -> None:
    """Simulating a principal is permitted on the principal; simulating texts on everything."""
    arn = f"arn:aws:iam::{account.account_id}:user/alice"
    key = account.user("alice", allow("iam:SimulatePrincipalPolicy", arn))
    alice = account.client("iam", key)
    alice.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject"])
    admin = f"arn:aws:iam::{account.account_id}:user/admin"
    message = (
        f"User: {arn} is not authorized to perform: iam:SimulatePrincipalPolicy on resource: {admin}"
        " because no identity-based policy allows the iam:SimulatePrincipalPolicy action"
    )
    with refused("AccessDenied", 403, message):
        alice.simulate_principal_policy(PolicySourceArn=admin, ActionNames=["s3:GetObject"])
    with refused("AccessDenied", 403):
        alice.simulate_custom_policy(PolicyInputList=[allow("s3:*")], ActionNames=["s3:GetObject"])


REQUESTS = [
    ("GetUser", "user/probe", {"UserName": "probe"}),
    ("GetUser", "user/team/target", {"UserName": "target"}),
    ("ListUserTags", "user/team/target", {"UserName": "target"}),
    ("ListUsers", "user/", {}),
    ("ListAccountAliases", None, {}),
]
_ACTIONS = st.sampled_from(
    ["*", "iam:*", "iam:Get*", "iam:GetUser", "iam:List*", "iam:ListUserTags", "s3:*", "IAM:listusers"]
)
_PATHS = st.sampled_from(["*", "user/*", "user/probe", "user/team/*", "user/${aws:username}", "user/t*/target"])
_LINES = st.sampled_from(
    [
        {},
        {"StringEquals": {"aws:username": "probe"}},
        {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
        {"StringEquals": {"aws:PrincipalTag/team": "red"}},
        {"StringNotEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}},
        {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
        {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
        {"Null": {"aws:TokenIssueTime": "true"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/p*"}},
        {"StringLike": {"aws:userid": "AIDA*"}},
    ]
)
_STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Allow", "Deny"]),
        "names": st.tuples(
            st.sampled_from(["Action", "Action", "NotAction"]), st.lists(_ACTIONS, min_size=1, max_size=2)
        ),
        "paths": st.tuples(st.sampled_from(["Resource", "Resource", "NotResource"]), _PATHS),
        "Condition": _LINES,
    }
)


def document(statements: list[dict[str, Any]], account_id: str) -> str:
    """Write a policy of drawn statements."""
    written = []
    for one in statements:
        (action, names), (resource, path) = one["names"], one["paths"]
        arn = "*" if path == "*" else f"arn:aws:iam::{account_id}:{path}"
        written.append({"Effect": one["Effect"], action: names, resource: arn, "Condition": one["Condition"]})
    return json.dumps({"Version": "2012-10-17", "Statement": written})


class Probe:
    """A user whose policy and boundary are drawn again and again, and a user that it looks at."""

    def __init__(self, server: Server) -> None:
        self.account = make_account(server)
        iam = self.iam = self.account.iam
        self.key: Key = self.account.user("probe")
        iam.tag_user(UserName="probe", Tags=[{"Key": "Team", "Value": "blue"}])
        iam.create_user(UserName="target", Path="/team/", Tags=[{"Key": "team", "Value": "blue"}])
        self.boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=allow("*"))["Policy"]["Arn"]
        self.client = self.account.client("iam", self.key)
        self.arn = f"arn:aws:iam::{self.account.account_id}:user/probe"

    def bear(self, inline: str, boundary: str | None) -> None:
        """Set the policies of the probe."""
        self.iam.put_user_policy(UserName="probe", PolicyName="drawn", PolicyDocument=inline)
        if boundary is None:
            self.iam.delete_user_permissions_boundary(UserName="probe")
            return
        for version in self.iam.list_policy_versions(PolicyArn=self.boundary)["Versions"]:
            if not version["IsDefaultVersion"]:
                self.iam.delete_policy_version(PolicyArn=self.boundary, VersionId=version["VersionId"])
        self.iam.create_policy_version(PolicyArn=self.boundary, PolicyDocument=boundary, SetAsDefault=True)
        self.iam.put_user_permissions_boundary(UserName="probe", PermissionsBoundary=self.boundary)

    def is_let(self, operation: str, parameters: dict[str, Any]) -> bool:
        """Make the request, and tell whether the policies let it."""
        method = next(name for name, api in self.client.meta.method_to_api_mapping.items() if api == operation)
        try:
            getattr(self.client, method)(**parameters)
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            return False
        return True

    def is_simulated(self, operation: str, path: str | None) -> bool:
        """Ask the simulator about the same request, with what it cannot know of it."""
        entries = [entry("aws:SourceIp", "ip", CLIENT_ADDRESS), entry("aws:SecureTransport", "boolean", "false")]
        if path is not None and path.endswith("target"):
            entries.append(entry("aws:ResourceTag/team", "string", "blue"))
        if path is not None and path.endswith("probe"):
            entries.append(entry("aws:ResourceTag/Team", "string", "blue"))
        arn = "*" if path is None else f"arn:aws:iam::{self.account.account_id}:{path}"
        answer = self.iam.simulate_principal_policy(
            PolicySourceArn=self.arn, ActionNames=[f"iam:{operation}"], ResourceArns=[arn], ContextEntries=entries
        )
        return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")


@pytest.fixture(scope="module")
def probe(server: Server) -> Probe:
    """One probe for all drawn policies."""
    return Probe(server)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    inline=st.lists(_STATEMENTS, min_size=1, max_size=3),
    boundary=st.none() | st.lists(_STATEMENTS, min_size=1, max_size=2),
)
def test_simulation_and_corridor_agree(
    probe: Probe, inline: list[dict[str, Any]], boundary: list[dict[str, Any]] | None
) -> None:
    """Whatever the policies and the request, the simulator says what the corridor does."""
    account_id = probe.account.account_id
    probe.bear(document(inline, account_id), None if boundary is None else document(boundary, account_id))
    for operation, path, parameters in REQUESTS:
        assert probe.is_let(operation, parameters) is probe.is_simulated(operation, path), (operation, path)


def test_a_call_decides_so_much(account: Account) -> None:
    """A page is shorter where there are many resources, and together the pages answer each action once."""
    resources = [f"{BUCKET}/{number}" for number in range(1000)]
    actions = [f"s3:Get{number}" for number in range(12)]
    asked = {"PolicyInputList": [allow("s3:*")], "ActionNames": actions, "ResourceArns": resources}
    first = account.iam.simulate_custom_policy(**asked)
    assert (len(first["EvaluationResults"]), first["IsTruncated"]) == (5, True)
    found = [
        result["EvalActionName"]
        for page in account.iam.get_paginator("simulate_custom_policy").paginate(**asked)
        for result in page["EvaluationResults"]
    ]
    assert found == actions
    with refused("InvalidInput", 400, "ResourceArns must contain at most 5000 entries."):
        account.iam.simulate_custom_policy(**asked | {"ResourceArns": ["*"] * 5001})
