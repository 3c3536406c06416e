"""Why a rotation does not go on."""

from __future__ import annotations

from keywright.client.errors import StepError


class RotationError(StepError):
    """A rotation is not begun, or stops where it is; the message says why and what to do, and holds no secret."""
