"""The Query protocol: forms in, XML out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, OperationModel, ServiceModel, Shape
from keywright.protocol import Routes
from keywright.protocol.aws_query import compile_parse
from keywright.protocol.constraints import Constraints, Wording
from keywright.protocol.form_values import FormReaders
from keywright.protocol.refusals import MalformedInput, ValidationError
from keywright.protocol.routed import Route
from keywright.protocol.xml_write import XmlWriters, escape

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
Ask = Callable[..., Any]


class NoSuchEntity(AwsError):
    """An error that IAM's model knows."""


class ServiceFailure(AwsError):
    """An error that is IAM's own fault."""


class Unheard(AwsError):
    """An error that no model knows."""

    status = 418


@pytest.fixture
def iam(routes: Routes, ask: Ask, signed: Callable[[str], dict[str, str]]) -> Callable[[str], Route]:
    """Give the route of a form sent to IAM."""

    def route(form: str, service: str = "iam", version: str = "2010-05-08") -> Route:
        headers = {"content-type": "application/x-www-form-urlencoded", **signed(service)}
        found = routes.route(ask(body=f"Version={version}&Action={form}".encode(), headers=headers))
        assert found is not None
        return found

    return route


def test_a_form_becomes_keywords(iam: Callable[[str], Route]) -> None:
    """Members come under botocore's keywords, structures inside under the model's names."""
    route = iam("CreateUser&UserName=alice&Path=%2Fteam%2F&Tags.member.1.Key=a+b&Tags.member.1.Value=")
    assert route.parse() == {"user_name": "alice", "path": "/team/", "tags": [{"Key": "a b", "Value": ""}]}


def test_a_list_is_ordered_by_number(iam: Callable[[str], Route]) -> None:
    """The numbers order the items, whatever the order of the fields; gaps close up."""
    route = iam("UntagUser&UserName=alice&TagKeys.member.10=c&TagKeys.member.2=b&TagKeys.member.1=a")
    assert route.parse()["tag_keys"] == ["a", "b", "c"]


def test_an_empty_list_is_a_name_without_value(iam: Callable[[str], Route]) -> None:
    """The SDKs write an empty list as its name alone."""
    assert iam("CreateUser&UserName=alice&Tags=").parse()["tags"] == []


@pytest.mark.parametrize(("text", "number"), [("0900", 900), ("+900", 900), ("900", 900)])
def test_integers_are_xml_schemas(iam: Callable[..., Route], text: str, number: int) -> None:
    """Leading zeros and a plus sign are accepted, as AWS does."""
    route = iam(f"GetSessionToken&DurationSeconds={text.replace('+', '%2B')}", "sts", "2011-06-15")
    assert route.parse() == {"duration_seconds": number}


@pytest.mark.parametrize("text", ["1.0", "", "9e2", "0x10", "%D9%A9", "1_000", "4294967296", "9" * 5000, "true", "+"])
def test_what_is_no_integer_is_malformed(iam: Callable[..., Route], text: str) -> None:
    """Anything else, and what does not fit 32 bits, is MalformedInput."""
    with pytest.raises(MalformedInput, match="integer"):
        iam(f"GetSessionToken&DurationSeconds={text}", "sts", "2011-06-15").parse()


def test_a_boolean_is_true_or_false(iam: Callable[[str], Route]) -> None:
    """XML Schema's two spellings of each are accepted, others are MalformedInput."""
    for text, value in (("true", True), ("0", False)):
        assert iam(f"UpdateAccountPasswordPolicy&RequireNumbers={text}").parse() == {"require_numbers": value}
    with pytest.raises(MalformedInput, match="not a valid boolean"):
        iam("UpdateAccountPasswordPolicy&RequireNumbers=yes").parse()


@pytest.mark.parametrize(
    "fields",
    [
        "UserName.member.1=alice",
        "UserName.=alice",
        "Tags=x",
        "Tags.=",
        "Tags.1.Key=a",
        "Tags.entry.1.Key=a",
        "Tags.member.x.Key=a",
        "Tags.member.-1.Key=a",
        "Tags.member.9999999999.Key=a",
        "Tags.member.%D9%A1.Key=a",
        "Tags.member.1.Key=a&Tags.member.01.Key=b",
        "Tags.member.1=a",
        "Tags.member.1.Key.x=a",
        "Tags.member.1.Key=a&Tags.member.1.Key.=b",
        "Tags.member=",
        "Tags.member.1.Key=a&Tags=",
        "Tags" + ".member.1" * 1000 + "=a",
    ],
)
def test_a_form_that_does_not_fit_the_shape_is_malformed(iam: Callable[[str], Route], fields: str) -> None:
    """Lists where structures belong, wrong numbers, numbers twice and absurd depth are MalformedInput."""
    with pytest.raises(MalformedInput):
        iam(f"CreateUser&{fields}").parse()


@pytest.mark.parametrize("fields", ["UserNam=alice", "Tags.member.1.Kex=a", "user_name=alice", "=x"])
def test_an_unknown_parameter_is_refused(iam: Callable[[str], Route], fields: str) -> None:
    """A parameter that the operation does not have is named, never dropped."""
    with pytest.raises(ValidationError, match=r"^The parameter .* is not recognized$"):
        iam(f"CreateUser&UserName=alice&{fields}").parse()


def test_the_fields_of_signatures_are_no_parameters(iam: Callable[[str], Route]) -> None:
    """What presigning adds to a query string is not taken for the operation's."""
    signature = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00&Timestamp=x&SignatureVersion=2"
    assert iam(f"GetUser&UserName=alice&{signature}").parse() == {"user_name": "alice"}


def test_constraints_are_checked(iam: Callable[[str], Route]) -> None:
    """A violation is a ValidationError with the sentence of `constraints`."""
    with pytest.raises(ValidationError, match=r"^1 validation error detected: Value null at 'userName'"):
        iam("CreateUser").parse()


def test_an_operation_without_input_takes_nothing(iam: Callable[[str], Route]) -> None:
    """GetAccountSummary has no parameters, and refuses any."""
    assert iam("GetAccountSummary").parse() == {}
    with pytest.raises(ValidationError):
        iam("GetAccountSummary&UserName=alice").parse()


def test_an_answer_has_its_wrapper_and_request_id(iam: Callable[..., Route]) -> None:
    """The body, its length, its type and the request id are AWS's."""
    response = iam("GetCallerIdentity", "sts", "2011-06-15").serialise({"Account": "111122223333"}, REQUEST_ID)
    assert response.status == 200
    assert response.body.decode() == (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        "<Account>111122223333</Account></GetCallerIdentityResult>"
        f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></GetCallerIdentityResponse>\n"
    )
    assert dict(response.headers) == {
        b"x-amzn-requestid": REQUEST_ID.encode(),
        b"content-type": b"text/xml",
        b"content-length": str(len(response.body)).encode(),
    }


def test_an_answer_without_output_is_metadata_alone(iam: Callable[[str], Route]) -> None:
    """DeleteUser answers with nothing but the request id, and takes no result."""
    route = iam("DeleteUser&UserName=alice")
    assert route.serialise({}, REQUEST_ID).body.decode() == (
        '<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></DeleteUserResponse>\n"
    )
    with pytest.raises(ValueError, match="no output"):
        route.serialise({"User": {}}, REQUEST_ID)


def test_a_result_that_the_model_does_not_know_is_a_mistake(iam: Callable[[str], Route]) -> None:
    """A member that would be dropped from the answer raises instead, at any depth; None is an absent member."""
    route = iam("GetUser")
    results: list[dict[str, Any]] = [{"Usr": {}}, {"User": {"Nme": "alice"}}, {"User": {"Tags": [{"key": "a"}]}}]
    for result in results:
        with pytest.raises(ValueError, match="has no members"):
            route.serialise(result, REQUEST_ID)
    assert b"<User><UserName>alice</UserName></User>" in (
        route.serialise({"User": {"UserName": "alice", "Path": None}}, REQUEST_ID).body
    )


def test_an_error_has_the_models_status(iam: Callable[[str], Route]) -> None:
    """A code that the service declares answers with its status there, others with their own."""
    route = iam("GetUser&UserName=alice")
    response = route.serialise_error(NoSuchEntity("The user with name <b> cannot be found."), REQUEST_ID)
    assert response.status == 404
    assert response.body.decode() == (
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>'
        "<Code>NoSuchEntity</Code><Message>The user with name &lt;b&gt; cannot be found.</Message></Error>"
        f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>\n"
    )
    # GetAccountSummary does not list NoSuchEntity, the service does.
    assert iam("GetAccountSummary").serialise_error(NoSuchEntity(), REQUEST_ID).status == 404
    assert route.serialise_error(Unheard(), REQUEST_ID).status == 418


def test_an_error_of_ours_is_the_receivers(iam: Callable[[str], Route]) -> None:
    """From 500 on the fault is the receiver's; further members stand beside the message."""
    response = iam("GetUser").serialise_error(ServiceFailure("no"), REQUEST_ID, {"Resource": "a&b"})
    assert response.status == 500
    assert b"<Type>Receiver</Type><Code>ServiceFailure</Code><Message>no</Message><Resource>a&amp;b</Resource>" in (
        response.body
    )


def test_text_that_xml_cannot_carry_is_replaced() -> None:
    """Markup is escaped, a carriage return survives, and characters outside XML become U+FFFD."""
    assert escape("plain") == "plain"
    assert escape('<a b="c">&\r\n\t') == "&lt;a b=&quot;c&quot;&gt;&amp;&#xD;\n\t"
    assert escape("\x00\x0b\x1f\ud800\ufffe") == "\ufffd" * 5


def test_the_models_need_no_names_of_their_own(models: dict[str, ServiceModel]) -> None:
    """No Query shape has a location name or is flattened, which this codec would otherwise have to read."""
    for service in (models["iam"], models["sts"]):
        for shape in service.shapes.values():
            assert not shape.flattened
            for member in shape.members.values():
                assert member.location_name is None
                assert not member.flattened


def test_maps_and_recursion_are_read_though_no_model_has_them_today() -> None:
    """Map entries are paired by number, keys may not come twice, and a shape may contain itself."""
    shapes: dict[str, Shape] = {"Text": Shape("Text", "string"), "Number": Shape("Number", "integer")}
    place = {name: Member(name, name, shapes=shapes) for name in ("Text", "Number", "Map", "Node")}
    shapes["Map"] = Shape("Map", "map", key=place["Text"], value=place["Number"])
    shapes["Node"] = Shape("Node", "structure", members={"Text": place["Text"], "Node": place["Node"]})
    shapes["In"] = Shape("In", "structure", members={"Map": place["Map"], "Node": place["Node"]})
    operation = OperationModel(
        "iam", "Demo", "POST", "/", 200, None, None, None, {}, unsigned=False, deprecated=False,
        host_prefix=None, _input="In", _output=None, _shapes=shapes,
    )  # fmt: skip
    parse = compile_parse(operation, Constraints(Wording(shows_value=False, specified={})), FormReaders())

    class Asked:
        request: Any = None
        labels: dict[str, str] = {}  # noqa: RUF012

        def __init__(self, fields: dict[str, str]) -> None:
            self.fields = fields

    assert parse(Asked({"Map.entry.1.key": "a", "Map.entry.1.value": "1"})) == {"map": {"a": 1}}
    assert parse(Asked({"Node.Node.Text": "deep"})) == {"node": {"Node": {"Text": "deep"}}}
    for fields in (
        {"Map.entry.1.key": "a", "Map.entry.1.value": "1", "Map.entry.2.key": "a", "Map.entry.2.value": "2"},
        {"Map.entry.1.key": "a"},
        {"Map.entry.1.value": "1"},
        {"Map.entry.1": "a"},
        {"Node": "x"},
    ):
        with pytest.raises(MalformedInput):
            parse(Asked(fields))


def test_recursive_shapes_are_written() -> None:
    """A structure inside itself is written as deep as it goes; every scalar type has its text."""
    kinds = {"S": "string", "F": "double", "I": "long", "B": "boolean", "X": "blob"}
    shapes: dict[str, Shape] = {name: Shape(name, kind) for name, kind in kinds.items()}
    shapes["Node"] = Shape(
        "Node", "structure", members={name: Member(name, name, shapes=shapes) for name in [*kinds, "Node"]}
    )
    write = XmlWriters(milliseconds=False).content(shapes["Node"])
    assert write({"Node": {"Node": {"S": "<"}, "F": 1.5, "I": 7, "B": False, "X": b"\x00"}}) == (
        "<Node><F>1.5</F><I>7</I><B>false</B><X>AA==</X><Node><S>&lt;</S></Node></Node>"
    )
