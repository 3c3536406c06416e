"""Services of which Keywright performs nothing: said so to whoever may, denied to whoever may not, and recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from keywright.services.catalogue import services_when_asked
from keywright.services.operation import Service
from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import ENDPOINT, Account, Key
from tests.contract.roles import assume, events, make_role, root_of, trust

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "json": ("secretsmanager", "get_secret_value", {"SecretId": "prod"}),
    "json, too": ("kms", "list_keys", {}),
    "json with an action of another name": ("sqs", "send_message_batch", {"QueueUrl": "u", "Entries": []}),
    "a signing name of two services": ("dynamodbstreams", "list_streams", {}),
    "cbor": ("cloudwatch", "list_metrics", {}),
    "query": ("rds", "describe_db_instances", {}),
    "ec2": ("ec2", "describe_instances", {}),
    "rest-json": ("lambda", "invoke", {"FunctionName": "f"}),
    "rest-json, the second of a signing name": ("opensearch", "list_domain_names", {}),
    "rest-xml": ("route53", "list_hosted_zones", {}),
    "rest-xml, signed as S3": ("s3control", "list_access_points", {"AccountId": "111122223333"}),
}
SOURCES = {
    "cloudwatch": "monitoring",
    "dynamodbstreams": "streams.dynamodb",
    "s3control": "s3-control",
    "opensearch": "es",
}
SECRET = {"SecretId": "prod"}


def call(account: Account, case: str, key: Key | None = None) -> dict[str, Any]:
    """Make a case's call, and give the refusal."""
    service, method, parameters = CALLS[case]
    with pytest.raises(ClientError) as caught:
        getattr(account.client(service, key), method)(**parameters)
    return dict(caught.value.response)


@pytest.mark.parametrize("case", CALLS)
def test_the_service_and_the_operation_are_named(account: Account, case: str) -> None:
    """Each protocol's client reads the code and the words, and the trail has the call under the service's name."""
    service, method, _ = CALLS[case]
    operation = account.client(service).meta.method_to_api_mapping[method]
    answer = call(account, case)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    told = f"{service}:{operation} is not implemented by this server."
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("NotImplemented", told)
    event = events(account, operation)[0]
    assert event["eventSource"] == f"{SOURCES.get(service, service)}.amazonaws.com"
    assert (event["errorCode"], event["errorMessage"]) == ("NotImplemented", told)
    assert event["requestParameters"] is None
    assert event["requestID"] == answer["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize("case", CALLS)
def test_who_may_not_is_denied(account: Account, case: str) -> None:
    """A user without permission learns that first, by the service's own code, and the trail says so."""
    service, method, _ = CALLS[case]
    key = account.user("bob", allow("s3:ListAllMyBuckets"))
    answer = call(account, case, key)
    code = {"ec2": "UnauthorizedOperation", "s3control": "AccessDenied"}.get(service)
    code = code or ("AccessDenied" if service in {"rds", "route53"} else "AccessDeniedException")
    assert answer["Error"]["Code"] == code
    assert " because no identity-based policy allows the " in answer["Error"]["Message"]
    operation = account.client(service).meta.method_to_api_mapping[method]
    assert events(account, operation)[0]["errorCode"] == code


def test_a_permission_on_some_resource_is_enough(account: Account) -> None:
    """What the call acts upon is not read: who may do it on any resource at all is told that it is not done here."""
    arn = "arn:aws:secretsmanager:us-east-1:*:secret:${aws:username}-*"
    for name, document in {
        "one": allow("secretsmanager:GetSecretValue", arn),
        "two": allow("secretsmanager:Get*"),
        "three": json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    json.loads(allow("*"))["Statement"][0],
                    json.loads(deny("secretsmanager:*", "arn:aws:secretsmanager:*:*:secret:other"))["Statement"][0],
                ],
            }
        ),
    }.items():
        with refused("NotImplemented", 501):
            account.client("secretsmanager", account.user(name, document)).get_secret_value(**SECRET)


def test_a_denial_counts_whatever_else_allows(account: Account) -> None:
    """An explicit deny of the action is an explicit deny; one of every resource that is allowed, too."""
    denied = deny("secretsmanager:GetSecretValue")
    key = account.user("carol", denied)
    account.iam.attach_user_policy(UserName="carol", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    with refused("AccessDeniedException", 400) as answer:
        account.client("secretsmanager", key).get_secret_value(**SECRET)
    assert "with an explicit deny in an identity-based policy" in answer["Error"]["Message"]
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a"
    key = account.user("dave", allow("secretsmanager:GetSecretValue", arn))
    account.iam.put_user_policy(UserName="dave", PolicyName="deny", PolicyDocument=deny("secretsmanager:*", arn))
    with refused("AccessDeniedException", 400):
        account.client("secretsmanager", key).get_secret_value(**SECRET)


def test_every_action_that_an_operation_needs_is_asked(account: Account) -> None:
    """ReEncrypt needs two."""
    parameters: dict[str, Any] = {"CiphertextBlob": b"x", "DestinationKeyId": "k"}
    key = account.user("erin", allow("kms:ReEncryptFrom"))
    with refused("AccessDeniedException", 400) as answer:
        account.client("kms", key).re_encrypt(**parameters)
    assert "kms:ReEncryptTo" in answer["Error"]["Message"]
    account.iam.put_user_policy(UserName="erin", PolicyName="more", PolicyDocument=allow("kms:ReEncryptTo"))
    with refused("NotImplemented", 501):
        account.client("kms", key).re_encrypt(**parameters)


def test_own_services_deny_first_too(account: Account) -> None:
    """An operation of S3's that is not done is denied to who may not, and so is a parameter of one that is."""
    key = account.user("frank", allow("s3:ListAllMyBuckets"))
    s3 = account.client("s3", key)
    with refused("AccessDenied", 403):
        s3.get_bucket_website(Bucket="b" * 10)
    with refused("AccessDenied", 403):
        s3.create_bucket(Bucket="b" * 10, ACL="public-read")


def test_sessions_are_callers_as_others(account: Account) -> None:
    """A role's session is told, and denied, as a user is."""
    make_role(account, "role", trust(root_of(account)), allow("kms:ListKeys"))
    session = assume(account, f"arn:aws:iam::{account.account_id}:role/role")
    with refused("NotImplemented", 501):
        account.client("kms", session).list_keys()
    with refused("AccessDeniedException", 400):
        account.client("kms", session).list_aliases()


def test_a_stranger_has_no_model_read(account: Account) -> None:
    """Without a good signature the refusal is the signature's, in the service's form, and nothing is loaded."""
    other = account.server.runtime.other_services
    before = dict(other._kept)
    wrong = Key(account.admin.access_key_id, "x" * 40)
    for service, method, parameters in (("glue", "get_tables", {"DatabaseName": "d"}), ("batch", "list_jobs", {})):
        with pytest.raises(ClientError) as caught:
            getattr(account.client(service, wrong), method)(**parameters)
        assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"
    with refused("SignatureDoesNotMatch", 403):
        account.client("ec2", wrong).describe_instances()
    with refused("UnrecognizedClientException", 400):
        account.client("glue", Key("AKIAIOSFODNN7EXAMPLE", "x" * 40)).get_tables(DatabaseName="d")
    with pytest.raises(ClientError):
        account.server.client("glue", None).get_tables(DatabaseName="d")
    assert dict(other._kept) == before


def test_few_models_are_kept(account: Account) -> None:
    """However many services a caller asks for, the server keeps four."""
    for service, method in (
        ("secretsmanager", "list_secrets"),
        ("kms", "list_keys"),
        ("sqs", "list_queues"),
        ("logs", "describe_log_groups"),
        ("acm", "list_certificates"),
        ("kms", "list_keys"),
    ):
        with refused("NotImplemented", 501):
            getattr(account.client(service), method)()
    assert len(account.server.runtime.other_services._kept) == 4


def test_an_operation_that_no_service_has_is_unknown(account: Account) -> None:
    """A target that the model does not have is answered as AWS does, to a known caller."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    headers = {"X-Amz-Target": "TrentService.NoSuchThing", "Content-Type": "application/x-amz-json-1.1"}
    request = AWSRequest("POST", ENDPOINT + "/", headers=headers, data=b"{}")
    SigV4Auth(Credentials(*account.admin[:2]), "kms", "us-east-1").add_auth(request)
    prepared = request.prepare()
    sent = [(name, value if isinstance(value, str) else value.decode()) for name, value in prepared.headers.items()]
    reply = account.server.send("POST", prepared.url, sent, b"{}")
    assert (reply.status, json.loads(reply.body)) == (400, {"__type": "UnknownOperationException"})


@pytest.mark.parametrize("name", sorted(services_when_asked()))
def test_what_is_performed_of_other_services_agrees_with_their_models(name: str) -> None:
    """The modules of services that are not read at start are checked against the models here."""
    service = Service(name, *services_when_asked()[name])
    assert service.operations
