"""Small values: secrets that mask themselves, moments, names, errors, headers."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from keywright.aws.arn import bucket_arn, iam_arn, root_arn
from keywright.aws.clock import iso8601, system_clock
from keywright.aws.errors import AccessDenied, AwsError, InternalFailure, NotPerformed
from keywright.aws.secret import Secret
from keywright.aws.wire import WireRequest, merge_headers

TEXT = "hunter2-hunter2"


def test_a_secret_masks_itself() -> None:
    """No way of printing a secret shows it; only `reveal` does."""
    secret = Secret(TEXT)
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>40}",
        f"{secret:>40}",
        str([secret]),
    ):
        assert TEXT not in shown
    assert secret.reveal() == TEXT


@pytest.mark.parametrize("write", [pickle.dumps, copy.deepcopy, json.dumps, orjson.dumps, vars, bytes, iter])
def test_a_secret_is_not_written(write: Any) -> None:
    """A secret does not pickle, copy, serialise or fall apart by accident."""
    with pytest.raises(TypeError):
        write(Secret(TEXT))


def test_secrets_are_not_compared() -> None:
    """Equality would compare in the open and in varying time: two secrets are never equal, nor keys of a dict."""
    assert Secret(TEXT) != Secret(TEXT)
    with pytest.raises(TypeError):
        hash(Secret(TEXT))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 24, 6, 37, 0, 999_999, tzinfo=UTC), "2026-11-24T06:37:00Z"),
        (datetime(987, 1, 2, 3, 4, 5, tzinfo=UTC), "0987-01-02T03:04:05Z"),
    ],
)
def test_moments_are_written_to_the_second(moment: datetime, text: str) -> None:
    """A moment is cut to the second, with four digits of year."""
    assert iso8601(moment) == text


def test_the_systems_clock_is_aware() -> None:
    """The machine's time is UTC and says so."""
    assert system_clock().tzinfo is UTC


def test_names() -> None:
    """ARNs name entities with their paths, root users and buckets."""
    assert iam_arn("111122223333", "user", "/", "a") == "arn:aws:iam::111122223333:user/a"
    assert iam_arn("111122223333", "policy", "/x/y/", "a") == "arn:aws:iam::111122223333:policy/x/y/a"
    assert root_arn("111122223333") == "arn:aws:iam::111122223333:root"
    assert bucket_arn("b") == "arn:aws:s3:::b"


def test_an_error_is_named_by_its_code() -> None:
    """A class's name is its code, unless it states one; details are kept beside the message."""

    class NoSuchThing(AwsError):
        status = 404

    error = NoSuchThing("gone", BucketName="b")
    assert (error.code, error.status, error.message, error.details) == ("NoSuchThing", 404, "gone", {"BucketName": "b"})
    assert (AccessDenied.code, AccessDenied.status) == ("AccessDenied", 403)
    assert (NotPerformed.code, NotPerformed.status) == ("NotImplemented", 501)
    assert (InternalFailure.code, InternalFailure.status, InternalFailure().message) == ("InternalFailure", 500, "")


def test_repeated_headers_are_joined_in_order() -> None:
    """The values of a repeated header are joined by a comma, others are as sent."""
    assert merge_headers([(b"a", b"1"), (b"b", b"2"), (b"a", b"3"), (b"a", b"")]) == {b"a": b"1,3,", b"b": b"2"}
    assert merge_headers([(b"a", b"1")]) == {b"a": b"1"}


def test_headers_are_read_as_latin_1() -> None:
    """Every byte of a header has a character; an absent header is None."""
    request = WireRequest("GET", b"/", b"", {b"x": b"\xe9"}, b"", secure=False, client_address="")
    assert (request.header(b"x"), request.header(b"y")) == ("é", None)
