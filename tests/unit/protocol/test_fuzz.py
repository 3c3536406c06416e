"""Whatever comes, the answer is AWS's: never an exception of another kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keywright.aws.errors import AwsError
from keywright.aws.model import load_service
from keywright.aws.wire import WireRequest, WireResponse
from keywright.protocol import NotLoaded, Route, Routes, RoutingError
from keywright.protocol.not_loaded import LoadedServices

pytestmark = pytest.mark.long

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
SERVICES = ("iam", "sts", "s3", "cloudtrail", "signin", "iam-toolbox", "accessanalyzer")
ROUTES = Routes([load_service(name) for name in SERVICES])

EC2 = load_service("ec2")

pieces = st.sampled_from(
    [b"Action=", b"CreateUser", b"&Version=2010-05-08", b"&", b"=", b".", b"%", b"%41", b"%ff", b"Tags.member.1.Key=a",
     b"Tags", b"UserName=", b"X-Amz-Credential=", b"a%2Fb%2Fc%2Fsts%2Fd", b"/", b"//", b"?", b"\x00", b"\xff", b"\xc3",
     b"uploads", b"tagging", b"list-type=2", b"max-keys=", b"1", b"-1", b"9" * 30, b"<", b">", b"<Tagging>",
     b"</Tagging>", b"<!DOCTYPE a>", b"&lt;", b"{", b"}", b"[", b'"', b'"MaxResults":', b"null", b"1e999", b":", b","]
)  # fmt: skip
noise = st.lists(st.one_of(pieces, st.binary(max_size=6)), max_size=12).map(b"".join)
scopes = st.sampled_from([b"iam", b"sts", b"s3", b"cloudtrail", b"access-analyzer", b"signin", b"ec2", b""])
authorizations = st.one_of(
    scopes.map(lambda name: b"AWS4-HMAC-SHA256 Credential=AKIA/20260101/r/" + name + b"/aws4_request, Signature=0"),
    noise,
)
headers = st.fixed_dictionaries(
    {},
    optional={
        b"authorization": authorizations,
        b"host": st.one_of(noise, st.sampled_from([b"b.s3.localhost", b"sts.localhost", b"[::1]:80", b".localhost"])),
        b"content-type": st.one_of(noise, st.just(b"application/x-www-form-urlencoded")),
        b"x-amz-target": st.one_of(
            noise, st.just(b"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents")
        ),
        b"x-amz-copy-source": noise,
        b"x-amz-acl": noise,
        b"x-amz-object-lock-retain-until-date": noise,
        b"x-amz-meta-x": noise,
        b"content-length": noise,
    },
)
requests = st.builds(
    WireRequest,
    method=st.sampled_from(["GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS", "BREW"]),
    raw_path=noise.map(lambda path: b"/" + path),
    raw_query=noise,
    headers=headers,
    body=noise,
    secure=st.booleans(),
    client_address=st.just("127.0.0.1"),
)


def answer(request: WireRequest) -> None:
    """Take a request as far as the wire goes."""
    response: WireResponse | None = None
    route: Route | None = None
    try:
        try:
            route = ROUTES.route(request)
        except NotLoaded as asked:
            asked.refuse(AwsError()).serialise(REQUEST_ID)
            route = LoadedServices([EC2], asked.protocol).route(request)
        if route is not None:
            route.parse()
    except RoutingError as refusal:
        response = refusal.serialise(REQUEST_ID)
    except AwsError as error:
        assert route is not None
        response = route.serialise_error(error, REQUEST_ID)
    if response is not None:
        assert 400 <= response.status < 500
        assert request.method == "HEAD" or response.body


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests)
def test_any_request_is_routed_or_refused(request: WireRequest) -> None:
    """No method, path, query, header or body makes the wire raise anything but an AWS error."""
    answer(request)


FORM = {
    b"content-type": b"application/x-www-form-urlencoded",
    b"authorization": b"AWS4-HMAC-SHA256 Credential=AKIA/20260101/r/iam/aws4_request, Signature=0",
}
names = st.lists(
    st.sampled_from(["Tags", "member", "1", "2", "01", "Key", "Value", "entry", "UserName", "", "x" * 50, "٣"]),
    max_size=6,
).map(".".join)
forms = st.dictionaries(names, st.sampled_from(["", "a", "1", "true", "\N{SNOWMAN}", "<&>"]), max_size=8)


@settings(max_examples=300, deadline=None)
@given(forms, st.sampled_from(["CreateUser", "TagUser", "SimulateCustomPolicy", "GetAccountSummary"]))
def test_any_form_is_read_or_refused(fields: dict[str, str], action: str) -> None:
    """No nesting, numbering or mixture of fields makes the reading of a form raise anything but an AWS error."""
    body = "&".join([f"Action={action}&Version=2010-05-08", *(f"{name}={value}" for name, value in fields.items())])
    answer(WireRequest("POST", b"/", b"", FORM, body.encode(), secure=False, client_address=""))


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["LookupAttributes", "AttributeKey", "StartTime", "MaxResults"]), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(json_values)
def test_any_json_is_read_or_refused(document: Any) -> None:
    """No document makes the reading of a JSON body raise anything but an AWS error."""
    import json

    target = b"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
    body = json.dumps(document).encode()
    answer(WireRequest("POST", b"/", b"", {b"x-amz-target": target}, body, secure=False, client_address=""))
