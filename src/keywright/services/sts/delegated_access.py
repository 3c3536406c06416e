"""Trade-in tokens of temporary delegation."""

from __future__ import annotations

from keywright.services.operation import Call, Result, everything, operation
from keywright.services.sts.errors import ExpiredTradeInTokenException


@operation(resource=everything)
def get_delegated_access_token(call: Call, *, trade_in_token: str) -> Result:
    """
    Refuse: a token of this kind goes to a product provider that AWS knows, and none is issued here.

    Raises: ExpiredTradeInTokenException.
    """
    del call, trade_in_token
    raise ExpiredTradeInTokenException(
        "The trade-in token provided in the request has expired and can no longer be exchanged for credentials. "
        "Request a new token and retry the operation."
    )
