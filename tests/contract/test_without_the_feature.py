"""Read calls that audit tools make of any account: answered as for an account that does not use the feature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.expect import allow, refused
from tests.contract.in_process import Account
from tests.contract.roles import events

Call = Callable[[Any], Any]

CALLS: dict[str, tuple[str, str, Call]] = {
    "DescribeOrganization": (
        "organizations",
        "organizations:DescribeOrganization",
        lambda client: client.describe_organization(),
    ),
    "ListAnalyzers": ("accessanalyzer", "access-analyzer:ListAnalyzers", lambda client: client.list_analyzers()),
    "ListInstances": ("sso-admin", "sso:ListInstances", lambda client: client.list_instances()),
    "GetContactInformation": (
        "account",
        "account:GetContactInformation",
        lambda client: client.get_contact_information(),
    ),
    "GetResources": ("resourcegroupstaggingapi", "tag:GetResources", lambda client: client.get_resources()),
    "DescribeRegions": ("ec2", "ec2:DescribeRegions", lambda client: client.describe_regions()),
    "DescribeTrails": ("cloudtrail", "cloudtrail:DescribeTrails", lambda client: client.describe_trails()),
}
SOURCES = {"sso-admin": "sso", "resourcegroupstaggingapi": "tagging", "accessanalyzer": "access-analyzer"}
NOT_FOUND = {
    "DescribeOrganization": ("AWSOrganizationsNotInUseException", 400),
    "GetContactInformation": ("ResourceNotFoundException", 404),
}


@pytest.mark.parametrize("name", CALLS)
def test_each_is_answered_by_its_own_action_alone_and_recorded(account: Account, name: str) -> None:
    """A user with the action gets the answer, one without is denied, and both are in the trail."""
    service, action, call = CALLS[name]
    source = f"{SOURCES.get(service, service)}.amazonaws.com"
    client = account.client(service, account.user("auditor", allow(action)))
    if name in NOT_FOUND:
        code, status = NOT_FOUND[name]
        with refused(code, status):
            call(client)
        assert events(account, name)[0]["errorCode"] == code
    else:
        call(client)
        event = events(account, name)[0]
        assert (event["eventSource"], "errorCode" in event, event["readOnly"]) == (source, False, True)
    stranger = account.client(service, account.user("stranger", allow("iam:*")))
    with pytest.raises(stranger.exceptions.ClientError) as caught:
        call(stranger)
    denied = caught.value.response["Error"]
    code = "UnauthorizedOperation" if service == "ec2" else "AccessDeniedException"
    assert (denied["Code"], action in denied["Message"]) == (code, True)
    assert (events(account, name)[0]["eventSource"], events(account, name)[0]["errorCode"]) == (source, code)


def test_there_is_no_organization(account: Account) -> None:
    """The words are AWS's."""
    message = "Your account is not a member of an organization."
    with refused("AWSOrganizationsNotInUseException", 400, message):
        account.client("organizations").describe_organization()


def test_lists_are_empty(account: Account) -> None:
    """Analyzers, instances of Identity Center and trails: none."""
    assert account.client("accessanalyzer").list_analyzers(type="ACCOUNT", maxResults=5)["analyzers"] == []
    assert account.client("sso-admin").list_instances(MaxResults=5)["Instances"] == []
    cloudtrail = account.client("cloudtrail")
    assert cloudtrail.describe_trails()["trailList"] == []
    assert cloudtrail.describe_trails(trailNameList=["main"], includeShadowTrails=False)["trailList"] == []


def test_an_account_outside_of_an_organization_names_none(account: Account) -> None:
    """Contact information is asked for without an account, even one's own."""
    with refused("AccessDeniedException", 403):
        account.client("account").get_contact_information(AccountId=account.account_id)


def test_regions_are_awss(account: Account) -> None:
    """Those that need no opt-in are enabled; the others are listed where all are asked for, or they by name."""
    ec2 = account.client("ec2")
    enabled = {one["RegionName"]: one for one in ec2.describe_regions()["Regions"]}
    assert len(enabled) == 17
    assert enabled["eu-west-1"] == {
        "RegionName": "eu-west-1",
        "Endpoint": "ec2.eu-west-1.amazonaws.com",
        "OptInStatus": "opt-in-not-required",
    }
    every = {one["RegionName"]: one["OptInStatus"] for one in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert every.keys() > enabled.keys()
    assert "aws-global" not in every
    assert every["af-south-1"] == "not-opted-in"
    [named] = ec2.describe_regions(RegionNames=["af-south-1"])["Regions"]
    assert named["OptInStatus"] == "not-opted-in"


def test_regions_are_filtered(account: Account) -> None:
    """By name, endpoint and status, with wildcards; every filter must pass."""
    ec2 = account.client("ec2")

    def names(*filters: tuple[str, list[str]], **more: Any) -> list[str]:
        asked = [{"Name": name, "Values": values} for name, values in filters]
        return [one["RegionName"] for one in ec2.describe_regions(Filters=asked, **more)["Regions"]]

    assert names(("region-name", ["eu-west-?"])) == ["eu-west-1", "eu-west-2", "eu-west-3"]
    assert names(("endpoint", ["*us-*"]), ("region-name", ["*1"])) == ["us-east-1", "us-west-1"]
    assert "us-east-1" not in names(("opt-in-status", ["not-opted-in"]), AllRegions=True)
    assert names(("region-name", ["[e]u-west-1"])) == []
    with refused("InvalidParameterValue", 400, "The filter 'colour' is invalid"):
        names(("colour", ["blue"]))
    with refused("InvalidParameterValue", 400):
        names(("region-name", ["x"] * 201))
    with refused("InvalidParameterValue", 400, "Invalid region names: [eu-nowhere-1]"):
        ec2.describe_regions(RegionNames=["eu-nowhere-1", "eu-west-1"])
    with refused("DryRunOperation", 412):
        ec2.describe_regions(DryRun=True)


@pytest.fixture
def tagged(account: Account) -> dict[str, str]:
    """Tag a bucket in each of two regions, a policy, an instance profile, and a user and a role, which do not count."""
    iam, s3 = account.iam, account.client("s3")
    mark = account.account_id
    for region in ("us-east-1", "eu-west-1"):
        where = {} if region == "us-east-1" else {"LocationConstraint": region}
        s3.create_bucket(Bucket=f"{mark}-{region}", **({"CreateBucketConfiguration": where} if where else {}))
        s3.put_bucket_tagging(Bucket=f"{mark}-{region}", Tagging={"TagSet": [{"Key": "team", "Value": "blue"}]})
    tags = [{"Key": "team", "Value": "red"}, {"Key": "stage", "Value": "test"}]
    policy = iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"), Tags=tags)["Policy"]["Arn"]
    profile = iam.create_instance_profile(InstanceProfileName="i", Path="/x/", Tags=tags)["InstanceProfile"]["Arn"]
    iam.create_user(UserName="u", Tags=tags)
    return {
        "here": f"arn:aws:s3:::{mark}-us-east-1",
        "there": f"arn:aws:s3:::{mark}-eu-west-1",
        "policy": policy,
        "profile": profile,
    }


def test_tagged_resources_are_those_of_the_region(account: Account, tagged: dict[str, str]) -> None:
    """Buckets where they are, IAM's in us-east-1 without users and roles; in AWS's own protocol, CBOR or JSON."""
    client = account.client("resourcegroupstaggingapi")
    answer = client.get_resources()
    found = {one["ResourceARN"]: one["Tags"] for one in answer["ResourceTagMappingList"]}
    assert set(found) == {tagged["here"], tagged["policy"], tagged["profile"]}
    assert found[tagged["here"]] == [{"Key": "team", "Value": "blue"}]
    assert answer["PaginationToken"] == ""
    there = account.client("resourcegroupstaggingapi", region="eu-west-1").get_resources()["ResourceTagMappingList"]
    assert [one["ResourceARN"] for one in there] == [tagged["there"]]


def test_tagged_resources_are_filtered(account: Account, tagged: dict[str, str]) -> None:
    """By tags, of which all filters and any of a filter's values must fit; by type; by ARN."""
    client = account.client("resourcegroupstaggingapi")

    def arns(**parameters: Any) -> set[str]:
        return {one["ResourceARN"] for one in client.get_resources(**parameters)["ResourceTagMappingList"]}

    here, policy, profile = tagged["here"], tagged["policy"], tagged["profile"]
    assert arns(TagFilters=[{"Key": "team"}]) == {here, policy, profile}
    assert arns(TagFilters=[{"Key": "team", "Values": ["blue", "green"]}]) == {here}
    assert arns(TagFilters=[{"Key": "team", "Values": ["red"]}, {"Key": "stage", "Values": ["prod"]}]) == set()
    assert arns(ResourceTypeFilters=["s3"]) == {here}
    assert arns(ResourceTypeFilters=["iam:policy"]) == {policy}
    assert arns(ResourceTypeFilters=["iam", "s3:bucket"]) == {here, policy, profile}
    assert arns(ResourceARNList=[policy, "arn:aws:s3:::nothing"]) == {policy}
    complying = client.get_resources(IncludeComplianceDetails=True, ResourceTypeFilters=["s3"])
    assert complying["ResourceTagMappingList"][0]["ComplianceDetails"]["ComplianceStatus"] is True
    assert arns(IncludeComplianceDetails=True, ExcludeCompliantResources=True) == set()


def test_tagged_resources_come_in_pages(account: Account, tagged: dict[str, str]) -> None:
    """A page has as many resources, or as many tags, as were asked for."""
    client = account.client("resourcegroupstaggingapi")
    pages = list(client.get_paginator("get_resources").paginate(ResourcesPerPage=1))
    assert [len(page["ResourceTagMappingList"]) for page in pages] == [1, 1, 1]
    s3 = account.client("s3")
    many = [{"Key": f"k{number}", "Value": "v"} for number in range(50)]
    for number in range(3):
        s3.create_bucket(Bucket=f"{account.account_id}-{number}")
        s3.put_bucket_tagging(Bucket=f"{account.account_id}-{number}", Tagging={"TagSet": many})
    first = client.get_resources(TagsPerPage=100, ResourceTypeFilters=["s3"])
    assert len(first["ResourceTagMappingList"]) == 2
    rest = client.get_resources(PaginationToken=first["PaginationToken"], ResourceTypeFilters=["s3"])
    assert len(rest["ResourceTagMappingList"]) == 2


@pytest.mark.parametrize(
    "parameters",
    [
        {"ResourceARNList": ["arn:aws:s3:::b"], "TagFilters": [{"Key": "a"}]},
        {"ResourceARNList": ["arn:aws:s3:::b"], "ResourcesPerPage": 1},
        {"ExcludeCompliantResources": True},
        {"ResourcesPerPage": 101},
        {"TagsPerPage": 150},
        {"PaginationToken": "%"},
    ],
)
def test_what_does_not_go_together_is_refused(account: Account, parameters: dict[str, Any]) -> None:
    """Parameters that exclude each other, or are out of range."""
    with refused("InvalidParameterException", 400):
        account.client("resourcegroupstaggingapi").get_resources(**parameters)


def test_a_tag_filter_has_a_key(account: Account, tagged: dict[str, str]) -> None:
    """Values alone say nothing."""
    with refused("InvalidParameterException", 400):
        account.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Values": ["blue"]}])
