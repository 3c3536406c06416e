"""Somebody else's web site: pages of another origin that want something of the console's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final


class OtherSite:
    """One page, at an address that is not the console's; what it holds is set anew by whoever uses it."""

    def __init__(self, port: int) -> None:
        self.html = ""
        self.cross_site: Final = f"http://localhost:{port}/"
        """Another site, to a server at 127.0.0.1: a Strict cookie does not go along."""
        self.same_site: Final = f"http://127.0.0.1:{port}/"
        """Another origin of the same site: the cookie goes along."""


@contextmanager
def running_site() -> Iterator[OtherSite]:
    """Serve the page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Give the page, whatever is asked for."""
            body = site.html.encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = OtherSite(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
