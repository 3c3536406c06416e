"""
The boundary where an answer that is not AWS's becomes an error of one sentence.

Between a client and its endpoint may stand a proxy, a captive portal, a plain web server, or a service that speaks
another protocol. botocore then fails in many ways, some of them no errors of its own; here they become one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError
from botocore.session import Session

_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "GetCallerIdentity": frozenset({"Arn", "Account", "UserId"}),
    "GetSessionToken": frozenset({"Credentials"}),
    "LookupEvents": frozenset({"Events"}),
}
"""Members that the model calls optional, and AWS always sends."""
_NO_CODE: Final = re.compile(r"(|\d{3}|Unknown)")
"""botocore's code of an error that has none."""
_PAGE: Final = re.compile(rb"\s*(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_MALFORMED: Final = "an answer that is cut off or malformed"
_CHECK_ENDPOINT: Final = (
    "check --endpoint-url and AWS_ENDPOINT_URL, and whether a proxy or a captive portal is in between"
)
_TRY_AGAIN: Final = "try again, and if the server is yours, read its log"
_NOT_OFFERED: Final = "that endpoint does not offer the operation"


class NotAwsAnswerError(BotoCoreError):  # type: ignore[misc]
    """The peer answered, but not as AWS does; the message is one sentence, and repeats nothing of the answer."""

    fmt = "{sentence}"


def watch_answers(session: Session) -> Session:
    """Have all clients of a session raise NotAwsAnswerError, botocore's own too; return the session."""
    session.register("creating-client-class", _add_boundary, unique_id="keywright-boundary")
    session.register("before-parse", _look_at_form, unique_id="keywright-form")
    return session


def _add_boundary(base_classes: list[type], **_rest: object) -> None:
    base_classes.insert(0, _Boundary)


class _Boundary:
    """What every client is first: all calls, those of paginators too, go through it."""

    meta: Any

    def _make_api_call(self, operation_name: str, api_params: Mapping[str, Any]) -> Any:
        try:
            answer = super()._make_api_call(operation_name, api_params)  # type: ignore[misc]
        except ClientError as error:
            if not _NO_CODE.fullmatch(str(error.response.get("Error", {}).get("Code", ""))):
                raise
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            raise self._not_aws(operation_name, "an error without a code", status) from error
        except _FormError as error:
            raise self._not_aws(operation_name, error.form, error.status) from None
        except ResponseParserError:
            # Its message repeats the answer, which may be long, and anybody's.
            raise self._not_aws(operation_name, _MALFORMED) from None
        shape = self.meta.service_model.operation_model(operation_name).output_shape
        needed = _NEEDED.get(operation_name, frozenset()) | set(() if shape is None else shape.required_members)
        missing = sorted(needed - answer.keys())
        if missing:
            raise self._not_aws(operation_name, f"an answer without {', '.join(missing)}")
        return answer

    def _not_aws(self, operation_name: str, form: str, status: int | None = None) -> NotAwsAnswerError:
        called = f"{self.meta.service_model.service_name}:{operation_name}"
        sent = form if status is None else f"{form} (HTTP {status})"
        advice = _NOT_OFFERED if status == 501 else _TRY_AGAIN if status and status >= 500 else _CHECK_ENDPOINT
        return NotAwsAnswerError(
            sentence=f"{shown_url(self.meta.endpoint_url)} did not answer {called} the way AWS does: "
            f"it sent {sent}; {advice}"
        )


class _FormError(Exception):
    """An answer does not even have the form of one."""

    def __init__(self, form: str, status: int | None) -> None:
        super().__init__(form)
        self.form = form
        self.status = status


def _look_at_form(operation_model: OperationModel, response_dict: dict[str, Any], **_rest: object) -> None:
    """
    Look at an answer before botocore reads it, which takes much on trust.

    Raises: _FormError.
    """
    status, body = response_dict["status_code"], response_dict["body"]
    if not isinstance(body, bytes):
        return
    if status >= 500:
        if not body.lstrip().startswith((b"<", b"{")):
            # A gateway's plain text: so that botocore tries again, as it does for a web page.
            response_dict["body"] = b""
        return
    _refuse_page(status, body, response_dict["headers"].get("location") or "")
    protocol = operation_model.service_model.resolved_protocol
    if protocol == "json":
        _refuse_non_object(status, body)
    elif protocol == "query" and status < 300:
        _refuse_other_xml(operation_model, status, body)
    elif protocol == "rest-json":
        # What succeeds may be a file of any form; what is refused is JSON, if there is a body.
        if status >= 300 and body.strip():
            _refuse_non_object(status, body)
    elif status >= 300 and not body.lstrip().startswith(b"<"):
        raise _FormError(_form_of(body), status)


def _refuse_page(status: int, body: bytes, location: str) -> None:
    target = urlsplit(location)
    if 300 <= status < 400 and target.netloc and b"<Code>" not in body:
        raise _FormError(f"a redirect to {target.scheme}://{target.netloc.rpartition('@')[2]}", status)
    if _PAGE.match(body):
        raise _FormError("a web page", status)


def _refuse_non_object(status: int, body: bytes) -> None:
    if not body.lstrip().startswith(b"{"):
        raise _FormError(_form_of(body), status)
    try:
        json.loads(body)
    except ValueError:
        raise _FormError(_MALFORMED, None) from None


def _refuse_other_xml(operation_model: OperationModel, status: int, body: bytes) -> None:
    start = body[:4000]
    if not re.search(rb"<(\w+:)?" + operation_model.name.encode() + rb"Response[\s>/]", start):
        raise _FormError(_form_of(body), status)
    shape = operation_model.output_shape
    wrapper = "" if shape is None else shape.serialization.get("resultWrapper", "")
    if wrapper.encode() not in start:
        raise _FormError(f"an answer without {wrapper}", None)


def _form_of(body: bytes) -> str:
    if not body.strip():
        return "an empty body"
    return "XML" if body.lstrip().startswith(b"<") else "JSON" if body.lstrip().startswith((b"{", b"[")) else "text"


def shown_url(url: str) -> str:
    """Show an endpoint without what may be a password in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
