"""What can go wrong with a person's files; apart, because who only expects it need not load what it takes."""

from __future__ import annotations


class AwsFileError(Exception):
    """The files cannot be changed; the message says why and what to do, and holds no secret."""


class KeystoreError(Exception):
    """A store of keys cannot do it; the message says why and what to do, and holds no secret."""
