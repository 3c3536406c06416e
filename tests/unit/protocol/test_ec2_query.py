"""EC2's protocol: the names of its parameters, its lists, its answers and its errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, Shape, load_service
from keywright.protocol import Route
from keywright.protocol.ec2_query import Ec2Readers, parameter_name
from keywright.protocol.not_loaded import LoadedServices
from keywright.protocol.refusals import InvalidParameterValue, UnknownParameter

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
FORM = "application/x-www-form-urlencoded"
EC2 = LoadedServices([load_service("ec2")], "ec2")

Ask = Callable[..., Any]


def asked(ask: Ask, operation: str, form: str = "") -> Route:
    """Route an operation's form."""
    body = f"Action={operation}&Version=2016-11-15&{form}".encode()
    return EC2.route(ask(body=body, headers={"content-type": FORM}))


def test_parameters_go_by_their_names_in_a_form(ask: Ask) -> None:
    """Lists are numbered without a word between, structures inside keep the model's names."""
    form = "AllRegions=true&RegionName.2=b&RegionName.1=a&Filter.1.Name=endpoint&Filter.1.Value.1=x&X-Amz-Date=now"
    assert asked(ask, "DescribeRegions", form).parse() == {
        "all_regions": True,
        "region_names": ["a", "b"],
        "filters": [{"Name": "endpoint", "Values": ["x"]}],
    }


def test_a_name_is_the_models_query_name_or_its_location_with_a_capital() -> None:
    """`queryName` comes first; without a location the member's own name counts."""
    assert parameter_name(Member("Groups", "S", query_name="Group", location_name="groupSet")) == "Group"
    assert parameter_name(Member("DryRun", "S", location_name="dryRun")) == "DryRun"
    assert parameter_name(Member("instanceId", "S")) == "InstanceId"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("Other=1", UnknownParameter),
        ("Filter.1.Other=1", UnknownParameter),
        ("RegionName.x=1", InvalidParameterValue),
        ("AllRegions=maybe", InvalidParameterValue),
        ("AllRegions.1=true", InvalidParameterValue),
    ],
)
def test_what_does_not_fit_the_model_is_refused(ask: Ask, form: str, error: type[AwsError]) -> None:
    """Unknown parameters and values of another type get EC2's codes."""
    with pytest.raises(error):
        asked(ask, "DescribeRegions", form).parse()


def test_what_breaks_a_constraint_is_refused(ask: Ask) -> None:
    """A missing parameter is told."""
    with pytest.raises(InvalidParameterValue, match="1 validation error"):
        asked(ask, "DescribeVolumeAttribute", "Attribute=autoEnableIO").parse()


def test_a_map_is_an_error_of_the_model() -> None:
    """EC2 takes none; a model that has one must be looked at."""
    shape = Shape("M", "map", key=Member("key", "S"), value=Member("value", "S"))
    with pytest.raises(ValueError, match="EC2 takes no maps"):
        Ec2Readers().value(shape)


def test_an_answer_has_the_request_id_first(ask: Ask) -> None:
    """The root is `<Operation>Response`, lists have items."""
    route = asked(ask, "DescribeRegions")
    response = route.serialise({"Regions": [{"RegionName": "a&b", "OptInStatus": "opted-in"}]}, REQUEST_ID)
    root = ET.fromstring(response.body)
    names = {"e": "http://ec2.amazonaws.com/doc/2016-11-15/"}
    assert root.tag == "{http://ec2.amazonaws.com/doc/2016-11-15/}DescribeRegionsResponse"
    assert root[0].text == REQUEST_ID
    assert root.findtext("e:regionInfo/e:item/e:regionName", namespaces=names) == "a&b"


def test_an_operation_without_parameters_or_answer(ask: Ask) -> None:
    """Nothing is read, and the answer is its request id."""
    operations = load_service("ec2").operations.values()
    bare = next(one for one in operations if one.output is None)
    answer = asked(ask, bare.name).serialise({}, REQUEST_ID)
    assert answer.body.endswith(f"</requestId></{bare.name}Response>".encode())


def test_an_error_is_in_ec2s_form(ask: Ask) -> None:
    """Errors stand in a list, under a root of their own."""
    response = asked(ask, "DescribeRegions").serialise_error(InvalidParameterValue("<x>"), REQUEST_ID)
    root = ET.fromstring(response.body)
    assert (root.tag, root.findtext("RequestID")) == ("Response", REQUEST_ID)
    assert root.findtext("Errors/Error/Code") == "InvalidParameterValue"
    assert root.findtext("Errors/Error/Message") == "<x>"
