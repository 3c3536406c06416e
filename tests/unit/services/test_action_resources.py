"""Whether a resource may be of a form: two patterns, and whether they have a text in common."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.policy.match import compile_glob
from keywright.services.accessanalyzer.check_action_resources import Resource, _forms, _resource
from tests.unit.endings import must_end

_PATTERNS = st.text("ab*?", max_size=5)
_TEXTS = ["".join(letters) for length in range(1, 11) for letters in itertools.product("ab", repeat=length)]


def form(path: str) -> Resource:
    """Read a form of a made-up service."""
    (found,) = _forms(f"arn:aws:made-up:::{path}")
    return found


@settings(deadline=None)
@given(one=_PATTERNS.filter(lambda text: text.strip("*?")), other=_PATTERNS)
def test_patterns_fit_where_a_text_fits_both(one: str, other: str) -> None:
    """Two patterns fit each other exactly if some text, of which all short ones are tried, is matched by both."""
    resource = _resource(f"arn:aws:made-up:::{one}")
    assert resource is not None
    matched = any(compile_glob(one)(text) and compile_glob(other)(text) for text in _TEXTS)
    assert resource.fits(form(other)) is matched


def test_a_bomb_of_wildcards_ends() -> None:
    """Patterns that are nothing but wildcards and one letter are compared in bounded time."""
    resource = _resource(f"arn:aws:made-up:::{'*a' * 300}b")
    assert resource is not None
    with must_end():
        assert not resource.fits(form("*a" * 300 + "c"))


def test_a_bucket_name_has_no_slash() -> None:
    """What stands for a bucket's name is not taken for a path, as what stands for an object's is."""
    bucket, object_ = form("${BucketName}"), form("${BucketName}/${ObjectName}")
    for path, fits in (("b", (True, False)), ("b/*", (False, True)), ("b*", (True, True)), ("*/c", (False, True))):
        resource = _resource(f"arn:aws:made-up:::{path}")
        assert resource is not None
        assert (resource.fits(bucket), resource.fits(object_)) == fits
