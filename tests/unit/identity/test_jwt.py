"""JSON Web Tokens: what others sign is verified, what we sign others verify."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from keywright.identity.jwt import JwtError, public_jwk, read_jwt, sign_jwt, verify_jwt

# RFC 7515, appendix A.2 and A.3: a token and its key, by other hands than ours.
PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
RS256 = (
    f"eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9"
    "uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB"
    "_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq"
    "Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
)
RSA_KEY = {
    "kty": "RSA",
    "n": (
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
        "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXB"
        "dQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia"
        "GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    ),
    "e": "AQAB",
}
ES256 = (
    f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
EC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """A key of our own."""
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize(("token", "jwk"), [(RS256, RSA_KEY), (ES256, EC_KEY)])
def test_the_standards_examples_verify(token: str, jwk: dict[str, str]) -> None:
    """The examples of RFC 7515 verify under their keys, and under no other."""
    jwt = read_jwt(token)
    assert jwt.claims == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
    assert verify_jwt(jwt, [jwk])
    assert not verify_jwt(jwt, [RSA_KEY if jwk is EC_KEY else EC_KEY])
    assert not verify_jwt(jwt, [])


@pytest.mark.parametrize(
    "more", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "oct"}, {"n": "AQAB"}, {"n": None}, {"e": "!"}]
)
def test_a_key_for_something_else_verifies_nothing(more: dict[str, Any]) -> None:
    """A key that is for encryption, for another algorithm, too short or broken is passed over."""
    assert not verify_jwt(read_jwt(RS256), [RSA_KEY | more])
    assert verify_jwt(read_jwt(RS256), [RSA_KEY | more, RSA_KEY])


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_what_an_rsa_key_signs_verifies(key: rsa.RSAPrivateKey, algorithm: str) -> None:
    """A token of ours verifies under the key that we publish, by its id."""
    token = read_jwt(sign_jwt({"sub": "x"}, key, algorithm, "k"))
    assert verify_jwt(token, [public_jwk(key, algorithm, "k")])
    assert not verify_jwt(token, [public_jwk(key, algorithm, "another")])


@pytest.mark.parametrize(
    ("algorithm", "curve"), [("ES256", ec.SECP256R1()), ("ES384", ec.SECP384R1()), ("ES512", ec.SECP521R1())]
)
def test_what_an_ec_key_signs_verifies(algorithm: str, curve: ec.EllipticCurve) -> None:
    """Every curve with its own hash, and with no other's."""
    private = ec.generate_private_key(curve)
    token = read_jwt(sign_jwt({"sub": "x"}, private, algorithm, "k"))
    assert verify_jwt(token, [public_jwk(private, algorithm, "k")])
    assert not verify_jwt(token._replace(signature=token.signature[:-1]), [public_jwk(private, algorithm, "k")])
    assert not verify_jwt(token._replace(signed=token.signed + b"x"), [public_jwk(private, algorithm, "k")])


@pytest.mark.parametrize("algorithm", ["none", "HS256", "PS256", "ES256K", "rs256", ""])
def test_other_algorithms_are_not_verified(key: rsa.RSAPrivateKey, algorithm: str) -> None:
    """A token says how it is signed, and what it says may be a trap."""
    token = read_jwt(sign_jwt({}, key, "RS256", "k"))._replace(algorithm=algorithm)
    assert not verify_jwt(token, [public_jwk(key, "RS256", "k")])


def part(value: Any) -> str:
    """Write a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "....",
        f"{part([])}.{part({})}.AA",
        f"{part({'alg': 'RS256'})}.{part([])}.AA",
        f"{part({'alg': 1})}.{part({})}.AA",
        f"{part({})}.{part({})}.AA",
        f"{part({'alg': 'RS256', 'kid': 1})}.{part({})}.AA",
        f"{part({'alg': 'RS256', 'crit': ['x']})}.{part({})}.AA",
        f"{part({'alg': 'RS256'})}.{part({})}.A",
        f"{part({'alg': 'RS256'})}.{part({})}.ä",
        f"e30.{'[' * 5000}.AA",
    ],
)
def test_what_is_no_token(text: str) -> None:
    """A text that is no signed token, or has a header that must be understood and is not, is refused."""
    with pytest.raises(JwtError):
        read_jwt(text)
