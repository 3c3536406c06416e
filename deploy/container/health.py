"""
Ask the server in this container whether it can serve: the image's HEALTHCHECK.

It is asked where the container's variables say that it listens; a certificate is not for this address, and is not
looked at.
"""

from __future__ import annotations

import os
import ssl
import sys
import urllib.request
from typing import Final

_SECONDS: Final = 4
_DIRECT: Final = urllib.request.ProxyHandler({})


def main() -> int:
    """Return 0 where `/health` answers 200."""
    secure = os.environ.get("KEYWRIGHT_TLS") or os.environ.get("KEYWRIGHT_TLS_CERT")
    url = f"{'https' if secure else 'http'}://127.0.0.1:{os.environ.get('KEYWRIGHT_PORT') or 4580}/health"
    handlers: list[urllib.request.BaseHandler] = [_DIRECT]
    if secure:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        handlers.append(urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(url, timeout=_SECONDS) as answer:
            print(answer.read().decode().strip())
    except OSError as error:
        print(f"{url}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
