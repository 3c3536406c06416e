"""The app: what comes from the edge goes to sign-in, to the console's files, through the corridor, or to a page."""

from __future__ import annotations

import time
from typing import Final

from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.pages import console_file, own_page
from keywright.server.pipeline import Handled, handle
from keywright.server.proxies import TrustedProxies
from keywright.server.request_log import RequestLog
from keywright.server.runtime import Runtime
from keywright.server.signin.handling import asks_sign_in, handle_sign_in


class App:
    """Answers requests, and logs each."""

    def __init__(self, runtime: Runtime, log: RequestLog, proxies: TrustedProxies | None = None) -> None:
        self._runtime: Final = runtime
        self._log: Final = log
        self._proxies: Final = proxies

    async def answer(self, request: WireRequest) -> WireResponse:
        """Answer one request, read whole."""
        started = time.perf_counter()
        if self._proxies is not None:
            address, secure = self._proxies.client(request.client_address, request.headers, secure=request.secure)
            request = request._replace(client_address=address, secure=secure)
        response, handled = await self._answer(request)
        self._log.write(request, handled, response.status, (time.perf_counter() - started) * 1000)
        return response

    async def _answer(self, request: WireRequest) -> tuple[WireResponse, Handled | None]:
        """Answer what the console asks of this server itself, then what is AWS's, then all else."""
        if asks_sign_in(request):
            signing_in = await handle_sign_in(request, self._runtime)
            return signing_in.response, signing_in
        file = console_file(request, self._runtime)
        if file is not None:
            return file, None
        handled = await handle(request, self._runtime)
        if handled is not None:
            return handled.response, handled
        return await own_page(request, self._runtime), None
