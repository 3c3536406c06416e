"""
Verify AWS Signature Version 4, header and query, whole and chunked payloads.

The caller (`server.authenticate`) walks these steps in AWS's order; each raises `refusals.Refusal`, nothing else:

    claim = authorization.read_claim(request)                  # syntax: what the request says of itself
    verify.check_freshness(claim, now, style)                  # now: aware UTC
    verify.check_scope(claim, service, regions)                # regions: frozenset, or None for any
    ...                                                        # the caller looks up access_key_id, session_token
    key = signature.signing_key(secret, claim.date, claim.region, claim.service)        # cached by the caller
    verify.verify_signature(request, claim, key, style)
    body = chunked.decode_body(request, claim, key).body       # only if claim.payload_is_chunked (S3)

`refusals.as_error(refusal, style)` words a refusal as the wire style ("query", "json", "s3") does.

Pure: no clock, socket or database.
"""
