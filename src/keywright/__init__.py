"""Keywright: a server of AWS's IAM, and a command line for the life of a key."""

__version__ = "0.1.0"
"""Written here alone: the package is built with it, and no start has to look it up."""
