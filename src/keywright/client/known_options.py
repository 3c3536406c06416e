"""The options that AWS tools read from a profile, and what may stand in them."""

from __future__ import annotations

import re
from typing import Final

KEY_ID, SECRET, TOKEN = "aws_access_key_id", "aws_secret_access_key", "aws_session_token"
CREDENTIAL_OPTIONS: Final = frozenset({KEY_ID, SECRET, TOKEN, "aws_security_token", "aws_account_id"})
SECRET_OPTIONS: Final = frozenset({SECRET, TOKEN, "aws_security_token"})

PLAIN_OPTIONS: Final = CREDENTIAL_OPTIONS | frozenset(
    {
        "ca_bundle",
        "credential_source",
        "defaults_mode",
        "duration_seconds",
        "endpoint_url",
        "login_session",
        "max_attempts",
        "mfa_serial",
        "output",
        "region",
        "retry_mode",
        "role_arn",
        "services",
        "source_profile",
        "sso_account_id",
        "sso_region",
        "sso_role_name",
        "sso_session",
        "sso_start_url",
        "web_identity_token_file",
    }
)
"""Their values hold neither quotes nor ` #`."""

KNOWN_OPTIONS: Final = PLAIN_OPTIONS | frozenset(
    {
        "account_id_endpoint_mode",
        "api_versions",
        "auth_scheme_preference",
        "cli_auto_prompt",
        "cli_binary_format",
        "cli_error_format",
        "cli_follow_urlparam",
        "cli_help_output",
        "cli_history",
        "cli_pager",
        "cli_timestamp_format",
        "client_context_params",
        "credential_process",
        "disable_request_compression",
        "ec2_metadata_service_endpoint",
        "ec2_metadata_service_endpoint_mode",
        "ec2_metadata_v1_disabled",
        "external_id",
        "ignore_configured_endpoint_urls",
        "ignore_configure_endpoint_urls",
        "metadata_service_num_attempts",
        "metadata_service_timeout",
        "parameter_validation",
        "request_checksum_calculation",
        "request_min_compression_size_bytes",
        "response_checksum_validation",
        "role_session_name",
        "s3",
        "sdk_ua_app_id",
        "sigv4a_signing_region_set",
        "sso_registration_scopes",
        "sts_regional_endpoints",
        "tcp_keepalive",
        "use_dualstack_endpoint",
        "use_fips_endpoint",
        "user_agent_appid",
    }
)

MISSPELT: Final = {
    "access_key": KEY_ID,
    "access_key_id": KEY_ID,
    "aws_access_key": KEY_ID,
    "aws_access_keyid": KEY_ID,
    "aws_access_key_ids": KEY_ID,
    "aws_acces_key_id": KEY_ID,
    "aws_accesskey_id": KEY_ID,
    "aws_key_id": KEY_ID,
    "aws_secret_key": SECRET,
    "aws_secret_access_key_id": SECRET,
    "aws_secret_acces_key": SECRET,
    "aws_secret": SECRET,
    "secret_access_key": SECRET,
    "secret_key": SECRET,
    "aws_session": TOKEN,
    "session_token": TOKEN,
    "aws_region": "region",
    "aws_default_region": "region",
    "default_region": "region",
    "aws_output": "output",
    "aws_profile": "source_profile",
    "endpoint": "endpoint_url",
    "aws_endpoint_url": "endpoint_url",
}
"""Names that people write, which no tool reads and none complains about."""

KEY_ID_FORM: Final = re.compile(r"[A-Z0-9_]{16,128}")
SECRET_FORM: Final = re.compile(r"[A-Za-z0-9/+=]{40}")
REGION_FORM: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d{1,2}|aws-global|local")
OUTPUTS: Final = frozenset({"json", "text", "table", "yaml", "yaml-stream", "off"})
EXAMPLE_KEY_IDS: Final = frozenset({"AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", "ASIAIOSFODNN7EXAMPLE"})
PLACEHOLDER: Final = re.compile(
    r"<.*>|\[.*\]|\$\{.*\}|x{6,}|\*+|none|null"
    r"|.*(your|enter|insert|replace|change)[-_ ]?(me|your|access|secret|key|here).*",
    re.IGNORECASE,
)
_LIKE_A_SECRET: Final = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_LONG: Final = re.compile(r"(?=[A-Za-z0-9+/=_-]*[0-9])(?=[A-Za-z0-9+/=_-]*[A-Z])[A-Za-z0-9+/=_-]{32,}")
_NAMED_A_SECRET: Final = re.compile(r"secret|password|token(?!_file)")


def without_secrets(text: str) -> str:
    """Mask what looks like a secret."""
    return _LIKE_A_SECRET.sub("****", text)


def without_long_secrets(text: str) -> str:
    """Mask whatever could be a secret or a session token, in words that another program wrote."""
    return _LONG.sub("****", without_secrets(text))


def is_secret(option: str, value: str) -> bool:
    """Tell whether a value must not be shown: by its option, misspelt or not, or because it looks like one."""
    return _NAMED_A_SECRET.search(option) is not None or _LIKE_A_SECRET.search(value) is not None
