"""
The floor: an app under the same uvicorn, httptools and uvloop that gives one fixed answer and looks at nothing.

Run: python tests/bench/bare_app.py PORT ANSWER.json, where the file has `status`, `headers` and `body`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn

_SERVERS_OWN = {"date", "server", "connection"}


def constant_app(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> Any:
    """Make the app."""
    start = {"type": "http.response.start", "status": status, "headers": headers}
    end = {"type": "http.response.body", "body": body}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start)
        await send(end)

    return app


def main(port: int, answer_file: Path) -> None:
    """Serve, with the options that Keywright gives uvicorn."""
    answer = json.loads(answer_file.read_text())
    headers = [(name.encode(), value.encode()) for name, value in answer["headers"] if name.lower() not in _SERVERS_OWN]
    uvicorn.run(
        constant_app(answer["status"], headers, answer["body"].encode()),
        host="127.0.0.1",
        port=port,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
