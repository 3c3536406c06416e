"""What a profile of the AWS files says besides its credentials, as the variables that AWS tools read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keywright.client.file_names import files, named_in
from keywright.client.ini import parse
from keywright.client.lint import decode
from keywright.client.profiles import Profile, read_profiles
from keywright.client.replacing import read_original

ENDPOINT: Final = "AWS_ENDPOINT_URL"
CA_BUNDLE: Final = "AWS_CA_BUNDLE"
_IGNORE_CONFIGURED: Final = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"


def find_profile(name: str, environment: Mapping[str, str]) -> Profile | None:
    """
    Find a profile of the AWS files.

    Raises: OSError.
    """
    return next((one for one in read_profiles(environment)[0] if one.name == name), None)


def settings_of(
    profile: Profile | None, environment: Mapping[str, str], *, region: str | None, endpoint_url: str | None
) -> dict[str, str]:
    """
    Give the variables that lead a tool where the profile leads: region, endpoints, and this machine's certificates.

    As with a tool that is given the profile: the flag counts, else the variable that is there, else the profile.
    Raises: OSError.
    """
    found: dict[str, str] = {}
    region = (
        region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or _value(profile, "region")
    )
    if region:
        # AWS: the CLI v2 and newer SDKs read the one, boto3 only the other.
        found |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    found |= _endpoints(profile, environment, endpoint_url)
    bundle = _value(profile, "ca_bundle")
    return found | ({CA_BUNDLE: bundle} if bundle and not environment.get(CA_BUNDLE) else {})


def _endpoints(profile: Profile | None, environment: Mapping[str, str], endpoint_url: str | None) -> dict[str, str]:
    if endpoint_url or environment.get(ENDPOINT):
        return {ENDPOINT: endpoint_url or environment[ENDPOINT]}
    own = _value(profile, "endpoint_url")
    services = _service_endpoints(_value(profile, "services"), environment)
    if own:
        return services | {ENDPOINT: own}
    default = find_profile("default", environment)
    if services or _value(default, "endpoint_url") is None:
        return services
    # Without AWS_PROFILE the tool reads the default profile: its endpoint is not to have another profile's key.
    return {_IGNORE_CONFIGURED: "true"}


def _service_endpoints(name: str | None, environment: Mapping[str, str]) -> dict[str, str]:
    """Read `[services NAME]`, whose options are services with an `endpoint_url` each."""
    if name is None:
        return {}
    parsed = parse(decode(read_original(files(environment).config).content).lines)
    found = {}
    for section in parsed.sections:
        if named_in(section.name, "services") == name:
            for service in section.options.values():
                for line in service.value.splitlines():
                    option, _, value = (part.strip() for part in line.partition("="))
                    if option == "endpoint_url" and value:
                        found[f"{ENDPOINT}_{service.name.upper()}"] = value
    return found


def _value(profile: Profile | None, option: str) -> str | None:
    return None if profile is None else profile.value(option)
