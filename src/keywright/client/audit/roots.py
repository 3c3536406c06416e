"""Read the root user: the account's summary says whether it has keys, the credential report since when."""

from __future__ import annotations

from keywright.client.audit.asking import Asking
from keywright.client.audit.credential_report import Report
from keywright.client.audit.facts import AuditedKey, AuditedRoot
from keywright.client.audit.users import reported_key
from keywright.client.identity import Caller


def read_root(asking: Asking, caller: Caller, report: Report | None) -> AuditedRoot:
    """
    Read it.

    Raises: BotoCoreError.
    """
    row = report.root if report else None
    answer = asking.ask("iam:GetAccountSummary", asking.iam.get_account_summary, made_up_for=row is not None)
    keys = _own_keys(asking) if caller.kind == "root" else tuple(reported_key(key) for key in row.keys) if row else ()
    last_used = row.password_last_used_at if row else None
    if answer is None:
        if row is None:
            return AuditedRoot(None, None, None, keys)
        return AuditedRoot(bool(row.keys), row.has_password, row.has_mfa, keys, last_used)
    summary = answer["SummaryMap"]
    has_password = summary.get("AccountPasswordPresent")
    return AuditedRoot(
        bool(summary["AccountAccessKeysPresent"]),
        None if has_password is None else bool(has_password),
        bool(summary["AccountMFAEnabled"]),
        # The report may be older than the summary: keys that are gone do not count.
        keys if summary["AccountAccessKeysPresent"] else (),
        last_used,
    )


def _own_keys(asking: Asking) -> tuple[AuditedKey, ...]:
    listed = asking.items("list_access_keys", "AccessKeyMetadata", "iam:ListAccessKeys", {}) or []
    return tuple(
        AuditedKey(one["AccessKeyId"], one["Status"] == "Active", one["CreateDate"], use_is_known=False)
        for one in listed
    )
