from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import pytest

from keywright.identity.aws_managed import aws_managed_policies, aws_managed_policy

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "src" / "keywright" / "identity" / "aws_managed_policies"

REQUIRED_MEMBERS = {
    "PolicyName",
    "Path",
    "DefaultVersionId",
    "CreateDate",
    "UpdateDate",
    "Description",
    "Block",
    "Document",
}
OPTIONAL_MEMBERS = {"PolicyId"}

# The IAM model's own constraints: policyNameType, policyPathType, policyVersionIdType, policyDescriptionType.
NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
PATH = re.compile(r"((/[A-Za-z0-9.,+@=_-]+)*)/")
VERSION_ID = re.compile(r"v[1-9][0-9]*")
POLICY_ID = re.compile(r"ANPA[A-Z2-7]{17}")
MAX_DESCRIPTION = 1000

PATHS = {"/", "/aws-service-role/", "/job-function/", "/root-task/", "/service-role/"}
STATEMENT_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
SID = re.compile(r"[A-Za-z0-9]*")
# AWS: managed policies write some service prefixes with capitals ("S3:", "cloudTrail:"); IAM ignores their case.
ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
# AWS: AmazonDevOpsGuruOrganizationsAccess names "arn:aws:organizations::*:", which matches nothing.
RESOURCE = re.compile(r"\*|arn:aws:organizations::\*:|arn:[^:\s]*:[^:\s]*:[^:\s]*:[^:\s]*:\S+")
CONDITION_KEY = re.compile(r"[A-Za-z0-9-]+:\S+")
CONDITION_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Equals|NotEquals|EqualsIgnoreCase|NotEqualsIgnoreCase|Like|NotLike)"
    r"|Numeric(Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)"
    r"|Date(Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)"
    r"|Bool|BinaryEquals|IpAddress|NotIpAddress|Arn(Equals|NotEquals|Like|NotLike))(IfExists)?"
    r"|Null"
)

# Issue 2 names these; the console, the guide and `keywright init` rely on them.
FIRST_POLICIES = {
    "AdministratorAccess",
    "PowerUserAccess",
    "IAMFullAccess",
    "IAMReadOnlyAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "IAMUserChangePassword",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AWSCloudTrail_ReadOnlyAccess",
    "SignInLocalDevelopmentAccess",
    "AWSCompromisedKeyQuarantineV3",
}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
JOB_FUNCTIONS = {
    "Billing",
    "DatabaseAdministrator",
    "DataScientist",
    "NetworkAdministrator",
    "SupportUser",
    "SystemAdministrator",
    "ViewOnlyAccess",
}


def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build a JSON object, refusing a key written twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError(f"duplicate member in {[name for name, _ in pairs]}")
    return members


@cache
def policies() -> dict[str, dict[str, Any]]:
    """Read every policy of the archive, with its document, by name."""
    with ZipFile(FOLDER / "policies.zip") as archive:

        def read(member: str) -> Any:
            return json.loads(archive.read(member), object_pairs_hook=refuse_duplicates)

        index = read("index.json")
        blocks = [read(f"documents/{number}.json") for number in range(index[-1]["Block"] + 1)]
    assert sum(map(len, blocks)) == len(index)
    return {one["PolicyName"]: one | {"Document": blocks[one["Block"]][one["PolicyName"]]} for one in index}


@cache
def renewing() -> ModuleType:
    """Load the script that makes the archive; it is no module of the package."""
    spec = importlib.util.spec_from_file_location("renewing", ROOT / "tools" / "renew_aws_managed_policies.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_list(value: Any) -> list[Any]:
    """Give IAM's "one or a list of them" as a list."""
    return value if isinstance(value, list) else [value]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every statement of every policy with the policy's name."""
    for name, policy in policies().items():
        for statement in as_list(policy["Document"]["Statement"]):
            yield name, statement


def timestamp(text: str) -> datetime:
    """Parse the one date form that the files use; anything else raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def allowed_actions(name: str) -> set[str]:
    """Collect the Action patterns of a policy's Allow statements."""
    found = as_list(policies()[name]["Document"]["Statement"])
    return {action for one in found if one["Effect"] == "Allow" for action in as_list(one.get("Action", []))}


def test_folder_holds_only_policies_and_their_provenance() -> None:
    """One archive and the README that says where it came from are all that is shipped as data."""
    assert {file.name for file in FOLDER.iterdir()} == {"policies.zip", "README.md"}


def test_the_readme_names_the_sources_of_the_archive() -> None:
    """The README says of which versions of which packages the archive was made, and how many policies it has."""
    with ZipFile(FOLDER / "policies.zip") as archive:
        sources = json.loads(archive.read("sources.json"))
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert renewing().state_sources(readme, sources, len(policies())) == readme
    assert len(sources) == 2


def test_the_policies_people_attach_are_there() -> None:
    """The policies of issue 2, the job functions, and all others that AWS's reference lists exist: some 1,600."""
    assert (FIRST_POLICIES | JOB_FUNCTIONS) - policies().keys() == set()
    assert len(policies()) >= 1_500


def test_members_are_complete_and_known() -> None:
    """Every file has all members that the loader reads and none that it would ignore."""
    assert [
        name
        for name, policy in policies().items()
        if not REQUIRED_MEMBERS <= policy.keys() <= REQUIRED_MEMBERS | OPTIONAL_MEMBERS
    ] == []


def test_names_are_ones_that_the_model_accepts() -> None:
    """IAM would accept every policy's name."""
    assert [name for name in policies() if not NAME.fullmatch(name)] == []


def test_the_index_is_sorted_by_name_without_case() -> None:
    """The order in the archive is ListPolicies' order."""
    assert list(policies()) == sorted(policies(), key=lambda name: (name.casefold(), name))


def test_names_are_unique_without_regard_to_case() -> None:
    """No two policies differ only in case, which IAM does not allow and some file systems cannot store."""
    assert [name for name, count in Counter(name.lower() for name in policies()).items() if count > 1] == []


def test_arn_is_made_of_path_and_name() -> None:
    """A policy is found by the ARN of its path and name, and the path is one that AWS uses."""
    found = aws_managed_policies()
    assert {f"arn:aws:iam::aws:policy{one['Path']}{name}" for name, one in policies().items()} == found.keys()
    assert [one["Path"] for one in policies().values() if one["Path"] not in PATHS] == []
    assert aws_managed_policy("arn:aws:iam::aws:policy/DataScientist") is None
    assert aws_managed_policy("arn:aws:iam::aws:policy/../README") is None


def test_documents_are_found_without_reading_the_others() -> None:
    """A policy's document is the archive's, text for text, whichever block holds it."""
    for name in ("AccessAnalyzerServiceRolePolicy", "ReadOnlyAccess", "WorkLinkServiceRolePolicy"):
        (policy,) = (one for one in aws_managed_policies().values() if one.policy_name == name)
        assert json.loads(policy.document) == policies()[name]["Document"]
        assert list(json.loads(policy.document)) == list(policies()[name]["Document"])


def test_ids_are_what_they_were() -> None:
    """AWS's own ids are kept, and the derived ones follow from the ARN: the same in every version of Keywright."""
    ids = {policy.policy_name: policy.policy_id for policy in aws_managed_policies().values()}
    assert len(set(ids.values())) == len(ids)
    assert ids["AdministratorAccess"] == "ANPAIWMBCKSKIEE64ZLYK"
    assert ids["AWSCompromisedKeyQuarantineV3"] == "ANPAIIJPF6Z7SO3TO67SC"


def test_job_functions_live_under_their_path() -> None:
    """The job-function policies carry AWS's path, so the ARNs people paste resolve."""
    assert {policies()[name]["Path"] for name in JOB_FUNCTIONS} == {"/job-function/"}


def test_policy_ids_are_aws_shaped_and_unique() -> None:
    """A PolicyId is ANPA and 17 base32 characters, and no two policies share one."""
    ids = [policy["PolicyId"] for policy in policies().values() if "PolicyId" in policy]
    assert [one for one in ids if not POLICY_ID.fullmatch(one)] == []
    assert len(ids) == len(set(ids))


def test_versions_and_descriptions_fit_the_model() -> None:
    """The default version and the description of every policy are ones that IAM could answer."""
    assert [
        name
        for name, policy in policies().items()
        if not VERSION_ID.fullmatch(policy["DefaultVersionId"]) or not 0 < len(policy["Description"]) <= MAX_DESCRIPTION
    ] == []


def test_dates_are_utc_and_in_order() -> None:
    """Every policy was made before it was last edited, and a first version was never edited."""
    for name, policy in policies().items():
        created_at, updated_at = timestamp(policy["CreateDate"]), timestamp(policy["UpdateDate"])
        assert created_at <= updated_at, name
        if policy["DefaultVersionId"] == "v1":
            assert created_at == updated_at, name


def test_documents_have_the_current_language_version() -> None:
    """Every document is written in the 2012-10-17 policy language, where variables are expanded."""
    assert [
        name
        for name, policy in policies().items()
        if policy["Document"].keys() != {"Version", "Statement"} or policy["Document"]["Version"] != "2012-10-17"
    ] == []


def test_statements_are_identity_based() -> None:
    """A statement has an effect, one kind of action, one kind of resource, and nothing else but Sid and Condition."""
    assert [
        (name, statement)
        for name, statement in statements()
        if not statement.keys() <= STATEMENT_ELEMENTS
        or statement["Effect"] not in {"Allow", "Deny"}
        or ("Action" in statement) == ("NotAction" in statement)
        or ("Resource" in statement) == ("NotResource" in statement)
    ] == []


def test_no_document_is_empty() -> None:
    """Every policy has at least one statement."""
    assert policies().keys() - {name for name, _ in statements()} == set()


def test_sids_are_valid_and_unique_within_a_policy() -> None:
    """A Sid is alphanumeric and names one statement of its policy."""
    sids = Counter((name, statement["Sid"]) for name, statement in statements() if "Sid" in statement)
    assert [key for key, count in sids.items() if count > 1 or not SID.fullmatch(key[1])] == []


@pytest.mark.parametrize(
    ("elements", "pattern"),
    [(("Action", "NotAction"), ACTION), (("Resource", "NotResource"), RESOURCE)],
    ids=["actions", "resources"],
)
def test_actions_and_resources_are_well_formed(elements: tuple[str, str], pattern: re.Pattern[str]) -> None:
    """Every action is `service:Name` and every resource an ARN, or `*`."""
    found = [
        (name, value)
        for name, statement in statements()
        for element in elements
        if element in statement
        for value in as_list(statement[element])
    ]
    assert len(found) > 0
    assert [one for one in found if not pattern.fullmatch(one[1])] == []


def test_conditions_use_known_operators() -> None:
    """Every condition is one that IAM's policy language defines, with at least one value for each key."""
    for name, statement in statements():
        for operator, keys in statement.get("Condition", {}).items():
            assert CONDITION_OPERATOR.fullmatch(operator), (name, operator)
            assert keys, (name, operator)
            for key, values in keys.items():
                assert CONDITION_KEY.fullmatch(key), (name, key)
                assert as_list(values), (name, key)
                # AWS: a few documents write JSON booleans ("kms:GrantIsForAWSResource": true), as the grammar allows.
                assert all(isinstance(value, str | bool) for value in as_list(values)), (name, key)


def test_administrator_access_allows_everything() -> None:
    """AdministratorAccess is AWS's one-statement policy with AWS's own id."""
    policy = policies()["AdministratorAccess"]
    assert policy["PolicyId"] == "ANPAIWMBCKSKIEE64ZLYK"
    assert policy["Document"]["Statement"] == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


def test_power_user_cannot_manage_identities() -> None:
    """PowerUserAccess leaves out IAM, Organizations and the account, but for a few named actions."""
    broad, named = policies()["PowerUserAccess"]["Document"]["Statement"]
    assert set(broad["NotAction"]) == {"iam:*", "organizations:*", "account:*"}
    assert {"iam:CreateServiceLinkedRole", "iam:ListRoles"} <= set(named["Action"])
    assert not {"iam:CreateUser", "iam:CreateAccessKey", "iam:*"} & set(named["Action"])


def test_a_user_may_change_only_his_own_password() -> None:
    """IAMUserChangePassword names the caller by variable and no other user."""
    statement = next(one for name, one in statements() if name == "IAMUserChangePassword" and "Resource" in one)
    assert statement["Action"] == ["iam:ChangePassword"]
    assert all(resource.endswith("/${aws:username}") for resource in as_list(statement["Resource"]))


@pytest.mark.parametrize("name", ["ReadOnlyAccess", "ViewOnlyAccess", "SecurityAudit", "IAMReadOnlyAccess"])
def test_reading_policies_grant_no_change_of_identities(name: str) -> None:
    """The read-only policies grant no IAM action but Get, List, Generate and Simulate."""
    verbs = ("Get", "List", "Generate", "Simulate")
    granted = {action for action in allowed_actions(name) if action.partition(":")[0].lower() in {"iam", "*"}}
    assert granted
    assert [action for action in granted if not action.partition(":")[2].startswith(verbs)] == []


def test_quarantine_v3_is_the_edition_that_aws_documents() -> None:
    """AWSCompromisedKeyQuarantineV3 is the edition of 2026-03-16 (facts §10): denials only, and no way out."""
    policy = policies()["AWSCompromisedKeyQuarantineV3"]
    assert (policy["CreateDate"][:10], policy["UpdateDate"][:10]) == ("2024-08-21", "2026-03-16")
    assert {statement["Effect"] for statement in policy["Document"]["Statement"]} == {"Deny"}
    denied = {action for statement in policy["Document"]["Statement"] for action in statement["Action"]}
    assert {
        "iam:CreateAccessKey",
        "iam:UpdateAccessKey",
        "iam:DeleteAccessKey",
        "iam:AttachUserPolicy",
        "iam:DetachUserPolicy",
        "iam:ChangePassword",
        "sts:GetSessionToken",
        "sts:GetFederationToken",
        "cloudtrail:LookupEvents",
        "s3:ListAllMyBuckets",
        "s3:GetObject",
        "s3:ListBucket",
        "ec2:RunInstances",
        "bedrock:InvokeModel",
    } <= denied
    # AWS: the quarantined key can still say who it is [facts §10].
    assert "sts:GetCallerIdentity" not in denied


def test_sign_in_policy_allows_aws_login() -> None:
    """SignInLocalDevelopmentAccess grants both calls that `aws login` makes, on public clients."""
    assert allowed_actions("SignInLocalDevelopmentAccess") == {
        "signin:AuthorizeOAuth2Access",
        "signin:CreateOAuth2Token",
    }


def test_renewing_joins_the_sources_and_makes_the_same_bytes() -> None:
    """What both sources have is packed, the withdrawn is left out, the ids are kept; two runs make the same archive."""
    one = {
        "arn": "arn:aws:iam::aws:policy/service-role/B-One",
        "latestVersionId": "v2",
        "createdDate": "2020-01-02T03:04:05.000Z",
        "lastUpdatedDate": "2021-01-02T03:04:05.000Z",
        "versions": {"v1": {"document": {}}, "v2": {"document": {"Version": "2012-10-17", "Statement": []}}},
    }
    documents = {"B-One": one, "Withdrawn": one, "a_two": one | {"arn": "arn:aws:iam::aws:policy/a_two"}}
    descriptions = (
        "/** All names. */\nclass AwsManagedPolicy {\n}\n"
        "/** Is 'two' */\nAwsManagedPolicy.ATwo = 'a_two';\n"
        "/**  Is one. */\nAwsManagedPolicy.BOne = 'service-role/B-One';\n"
        "/** Newer. */\nAwsManagedPolicy.Newer = 'Newer';\n"
    )
    tool = renewing()
    policies = tool.select_policies(json.dumps(documents), descriptions, tool.read_ids("a_two\tANPATWO\n"))
    assert [(one["PolicyName"], one["Path"], one["PolicyId"], one["Description"]) for one in policies] == [
        ("a_two", "/", "ANPATWO", "Is 'two'"),
        ("B-One", "/service-role/", None, "Is one."),
    ]
    assert policies[1]["Document"] == {"Version": "2012-10-17", "Statement": []}
    assert policies[1]["UpdateDate"] == "2021-01-02T03:04:05Z"
    assert tool.pack(policies, []) == tool.pack(policies, [])


def test_the_ids_of_the_script_are_those_of_the_archive() -> None:
    """The next renewal keeps AWS's own ids."""
    ids = renewing().read_ids(renewing().IDS.read_text("ascii"))
    assert ids == {name: one["PolicyId"] for name, one in policies().items() if "PolicyId" in one}
