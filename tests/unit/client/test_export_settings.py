"""What leads a tool where a profile leads: region, endpoints, certificates."""

from __future__ import annotations

import pytest

from keywright.client.export_settings import find_profile, settings_of
from tests.unit.client.conftest import Home

CONFIG = """\
[default]
endpoint_url = http://default:1
[profile plain]
region = eu-west-1
[profile kw]
region = eu-central-1
endpoint_url = http://kw:1
ca_bundle = /ca.pem
services = local
[services local]
s3 =
  endpoint_url = http://s3:1
  addressing_style = path
elastic_beanstalk =
  endpoint_url = http://beans:1
[services other]
s3 =
  endpoint_url = http://other:1
"""


def settings(home: Home, name: str, environment: dict[str, str] | None = None, **flags: str) -> dict[str, str]:
    """Give the settings of a profile."""
    home.place(config=CONFIG)
    both = {"AWS_CONFIG_FILE": str(home.config), **(environment or {})}
    wanted = {"region": None, "endpoint_url": None, **flags}
    return settings_of(find_profile(name, both), both, **wanted)


def test_a_profiles_settings(home: Home) -> None:
    """Region (for old and new SDKs), endpoints, those of single services too, and certificates."""
    assert settings(home, "kw") == {
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": "http://kw:1",
        "AWS_ENDPOINT_URL_S3": "http://s3:1",
        "AWS_ENDPOINT_URL_ELASTIC_BEANSTALK": "http://beans:1",
        "AWS_CA_BUNDLE": "/ca.pem",
    }


def test_ones_own_certificates_stay(home: Home) -> None:
    """Where the environment names certificates the profile's do not count, and nothing need be said."""
    assert "AWS_CA_BUNDLE" not in settings(home, "kw", {"AWS_CA_BUNDLE": "/mine.pem"})


def test_another_profiles_endpoint_has_no_part(home: Home) -> None:
    """The default profile's endpoint, which the command would read, is not to get this profile's key."""
    assert settings(home, "plain") == {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    }
    assert settings(home, "default") == {"AWS_ENDPOINT_URL": "http://default:1"}


@pytest.mark.parametrize(
    ("environment", "flags", "region", "endpoint_url"),
    [
        ({"AWS_REGION": "r1", "AWS_DEFAULT_REGION": "r2"}, {}, "r1", "http://kw:1"),
        ({"AWS_DEFAULT_REGION": "r2", "AWS_ENDPOINT_URL": "http://env:1"}, {}, "r2", "http://env:1"),
        ({"AWS_REGION": "r1"}, {"region": "r3", "endpoint_url": "http://flag:1"}, "r3", "http://flag:1"),
    ],
)
def test_flag_then_variable_then_profile(
    home: Home, environment: dict[str, str], flags: dict[str, str], region: str, endpoint_url: str
) -> None:
    """The flag counts, else the variable, else the profile, as with a tool that is given the profile."""
    found = settings(home, "kw", environment, **flags)
    assert (found["AWS_REGION"], found["AWS_DEFAULT_REGION"]) == (region, region)
    assert found["AWS_ENDPOINT_URL"] == endpoint_url


def test_a_profile_that_is_in_no_file(home: Home) -> None:
    """Where only a store knows the profile, only the variables and the default's endpoint matter."""
    assert settings(home, "nobody", {"AWS_REGION": "r"}) == {
        "AWS_REGION": "r",
        "AWS_DEFAULT_REGION": "r",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    }
