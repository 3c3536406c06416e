"""
LISTEN: HTTP/1.1 on sockets, over httptools.

`listening` accepts connections and counts them, `connection` reads requests and writes answers, `limits` says how much
and how long, `refusals` what is answered past a limit, `writing` how an answer crosses the wire. ADR 12 says why
this is ours.
"""
