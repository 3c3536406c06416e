"""
PARSE and SERIALISE: AWS's wire protocols, driven by botocore's models.

    routes = Routes([load_service("iam"), load_service("sts"), ...])      # once, at start
    route = routes.route(request)         # None: nothing of AWS's; raises RoutingError, NotLoaded
    parameters = route.parse()            # keywords for the operation's function; raises AwsError
    response = route.serialise(result, request_id)
    response = route.serialise_error(error, request_id)

Everything here is a function of its arguments: no database, no socket, no clock.
"""

from __future__ import annotations

from keywright.protocol.codec import OperationCodec, ServiceWire
from keywright.protocol.route import NotLoaded, Route, Routes, RoutingError

__all__ = ["NotLoaded", "OperationCodec", "Route", "Routes", "RoutingError", "ServiceWire"]
