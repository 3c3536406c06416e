"""The console's files: every shape that they have had, and the ones that hold no key."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.client.csv_keys import CsvError, parse_csv, read_csv, user_in_file_name

ID, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
ROW = f"{ID},{SECRET}"
TODAY = f"Access key ID,Secret access key\r\n{ROW}"
SHAPES = {
    "today": (TODAY, None),
    "today, its last line ended": (TODAY + "\r\n", None),
    "blank last lines": (TODAY + "\r\n\r\n\r\n", None),
    "LF": (TODAY.replace("\r\n", "\n"), None),
    "spaces and capitals": (f" ACCESS KEY ID , secret ACCESS key\n {ID} , {SECRET} \n", None),
    "quoted": (f'"Access key ID","Secret access key"\n"{ID}","{SECRET}"\n', None),
    "with a user": (f"User Name,Access Key Id,Secret Access Key\nbob,{ROW}\n", "bob"),
    "a quoted user": (f'User Name,Access Key Id,Secret Access Key\n"bob",{ROW}\n', "bob"),
    "a user with a comma": (f'User Name,Access Key Id,Secret Access Key\n"bob, jr",{ROW}\n', "bob, jr"),
    "with a password": (
        f'User name,Password,Access key ID,Secret access key,Console login link\nbob,"a,b""c",{ROW},https://x/\n',
        "bob",
    ),
    "as the aws CLI wants it": (f"User Name,Access key ID,Secret access key\nbob,{ROW}\n", "bob"),
    "columns the other way round": (f"Secret access key,Access key ID\n{SECRET},{ID}\n", None),
    "semicolons of Excel": (f"Access key ID;Secret access key\n{ID};{SECRET}\n", None),
    "tabs of Excel": (f"Access key ID\tSecret access key\n{ID}\t{SECRET}\n", None),
    "rootkey.csv": (f"AWSAccessKeyId={ID}\r\nAWSSecretKey={SECRET}\r\n", None),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(shape: str, encoding: str) -> None:
    """Every shape, with and without a byte order mark, gives the key and its user."""
    text, user = SHAPES[shape]
    (key,) = parse_csv(text.encode(encoding))
    assert (key.access_key_id, key.secret.reveal(), key.user_name) == (ID, SECRET, user)


def test_several_users() -> None:
    """A file of several users gives them in order, each with its line."""
    other = ID[:-1] + "Z"
    keys = parse_csv(f"User name,Access key ID,Secret access key\nann,{ROW}\n\nbob,{other},{SECRET}\n".encode())
    assert [(key.user_name, key.access_key_id, key.line) for key in keys] == [("ann", ID, 2), ("bob", other, 4)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "empty"),
        ("\r\n\r\n", "empty"),
        ("Access key ID,Secret access key\r\n", "no key"),
        (ROW, "header is missing"),
        ("User name,Password,Console sign-in URL\nbob,hunter2,https://x\n", "console password"),
        ("a,b\n1,2\n", "does not name the columns"),
        (f"Access key ID,Secret access key\n{ID}\n", "line 2 has fewer columns"),
        (f"Access key ID,Secret access key\n{SECRET},{ID}\n", "line 2"),
        (f"Access key ID,Secret access key\n{ID},{SECRET[:-1]}\n", "39 characters"),
        (f"AWSAccessKeyId={ID}\n", "no AWSSecretKey"),
        (f'Access key ID,Secret access key\n"{ID},{SECRET}\n', "line 2"),
        (b"\xff\x00\x01", "not text"),
    ],
)
def test_what_is_no_key(content: str | bytes, why: str) -> None:
    """A file that holds no key is refused with what is wrong, and where; its secrets are not repeated."""
    with pytest.raises(CsvError, match=why) as caught:
        parse_csv(content if isinstance(content, bytes) else content.encode())
    assert not any(secret in str(caught.value) for secret in (SECRET[:-1], "hunter2"))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """What is far too large for the console's is refused without being read whole."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"x" * 1_000_001)
    with pytest.raises(CsvError, match="larger"):
        read_csv(path)


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_key_or_an_error(content: bytes) -> None:
    """No content makes it fail in another way."""
    with contextlib.suppress(CsvError):
        assert parse_csv(content)


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("alice_accessKeys.csv", "alice"),
        ("alice_accessKeys (1).csv", "alice"),
        ("alice_accesskeys(12).csv", "alice"),
        ("a_b_accessKeys.csv", "a_b"),
        ("accessKeys.csv", None),
        ("rootkey.csv", None),
        ("credentials.csv", None),
    ],
)
def test_the_file_name_tells_the_user(name: str, user: str | None) -> None:
    """The console names the file after the user; a browser may number it."""
    assert user_in_file_name(Path("/x") / name) == user


def test_a_hand_over_says_where_it_belongs() -> None:
    """The columns of our own hand-over give region and endpoint; where they are empty there is none."""
    header = "User name,Access key ID,Secret access key,Region,Endpoint URL\r\n"
    (key,) = parse_csv(f"{header}bob,{ID},{SECRET},eu-west-1,http://127.0.0.1:1\r\n".encode())
    assert (key.user_name, key.region, key.endpoint_url) == ("bob", "eu-west-1", "http://127.0.0.1:1")
    (key,) = parse_csv(f"{header}bob,{ID},{SECRET},,\r\n".encode())
    assert (key.region, key.endpoint_url) == (None, None)
    (key,) = parse_csv(f"{header}bob,{ID},{SECRET}\r\n".encode())
    assert (key.region, key.endpoint_url) == (None, None)


@pytest.mark.parametrize("name", ["bob_accessKeys.csv.age", "bob_accessKeys (1).csv.age", "bob_accessKeys.csv (1).age"])
def test_a_hand_over_is_named_by_its_user(name: str) -> None:
    """The user's name is read off a hand-over's name, however a browser numbered it."""
    assert user_in_file_name(Path(name)) == "bob"
