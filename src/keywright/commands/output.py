"""What a person sees of a new account: its secrets, once."""

from __future__ import annotations

import orjson

from keywright.identity.accounts import NewAccount


def as_json(account: NewAccount, profile: str | None = None) -> str:
    """Write a new account as one JSON object; the secret key is null where a profile has it."""
    return orjson.dumps(
        {
            "AccountId": account.account_id,
            "AccountAlias": account.alias,
            "RootEmail": account.root_email,
            "RootPassword": account.root_password.reveal(),
            "UserName": account.admin_name,
            "Password": account.admin_password.reveal(),
            "AccessKeyId": account.access_key_id,
            "SecretAccessKey": None if profile else account.secret_access_key.reveal(),
        },
        option=orjson.OPT_INDENT_2,
    ).decode()


def as_text(account: NewAccount, profile: str | None = None) -> str:
    """Write a new account for a person; the secret key is left out where a profile has it."""
    secret = f"in the profile {profile}" if profile else account.secret_access_key.reveal()
    alias = f" (alias {account.alias})" if account.alias else ""
    return "\n".join(
        (
            f"Account {account.account_id}{alias} is ready. This is shown once and kept nowhere: store it safely.",
            "",
            f"  Root user      {account.root_email}",
            f"  Password       {account.root_password.reveal()}",
            "",
            f"  Administrator  {account.admin_name}",
            f"  Password       {account.admin_password.reveal()}",
            f"  Access key ID  {account.access_key_id}",
            f"  Secret key     {secret}",
            "",
        )
    )
