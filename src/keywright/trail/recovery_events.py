"""
An administrator that was made on the server's own machine, as the account's trail records it.

CloudTrail has no such event; the form is that of the events of services (User Guide, "Non-API events captured by
CloudTrail"), which nobody of the account has called for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from keywright.aws.identifiers import new_uuid
from keywright.store.transaction import EventRow, ResourceRow
from keywright.trail.event import VERSION, new_event_id, write_record

SOURCE: Final = "keywright.internal"
NAME: Final = "RecoverAdministrator"
_REGION: Final = "us-east-1"


def administrator_recovered(
    at: datetime, account_id: str, user_name: str, user_id: str, access_key_id: str
) -> tuple[EventRow, list[ResourceRow]]:
    """Record it, with the user and the key that it made."""
    event_id = new_event_id(at)
    record = {
        "eventVersion": VERSION,
        "userIdentity": {"accountId": account_id, "invokedBy": SOURCE, "type": "AWSService"},
        "eventTime": at,
        "eventSource": SOURCE,
        "eventName": NAME,
        "awsRegion": _REGION,
        "sourceIPAddress": SOURCE,
        "userAgent": SOURCE,
        "requestParameters": None,
        "responseElements": None,
        "eventID": event_id,
        "requestID": new_uuid(),
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": account_id,
        "serviceEventDetails": {"userName": user_name, "userId": user_id, "accessKeyId": access_key_id},
        "eventCategory": "Management",
    }
    row = (account_id, _REGION, event_id, SOURCE, NAME, None, None, False, write_record(record))
    about = (("AWS::IAM::User", user_name), ("AWS::IAM::AccessKey", access_key_id))
    return row, [(account_id, _REGION, name, event_id, kind) for kind, name in about]
