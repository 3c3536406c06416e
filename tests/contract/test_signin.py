"""Sign-in to the console: who gets in, what they get, how it ends, and what the trail says of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, select, update

from keywright.identity import passwords
from keywright.identity.passwords import hash_password
from keywright.identity.sign_in_throttle import prune_attempts
from keywright.store.tables import accounts, browser_sessions, sign_in_attempts
from tests.contract.browser import HOST, Browser, sign_in_events
from tests.contract.expect import allow, refused
from tests.contract.in_process import Account, Key, Server, SteppingClock
from tests.contract.totp_device import Device, enable_device

PASSWORD, OTHER, WRONG = "correct-Horse-1", "battery-Staple-2", "not-Right-3"
POLICY_VIOLATION = "Password does not conform to the account password policy."
NOT_AUTHORIZED = (
    "Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account "
    "password policy set by administrator"
)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at a hundredth of the cost: these tests sign in hundreds of times. `test_signin_timing` does not."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)


@pytest.fixture
def alice(iam: Any) -> str:
    """A user who may sign in and, once in, read IAM."""
    iam.create_user(UserName="alice")
    iam.create_login_profile(UserName="alice", Password=PASSWORD)
    iam.put_user_policy(UserName="alice", PolicyName="reads", PolicyDocument=allow(["iam:Get*", "iam:List*"]))
    return "alice"


@pytest.fixture
def browser(server: Server) -> Browser:
    """A browser without any cookie."""
    return Browser(server)


@pytest.fixture
def phone(iam: Any, alice: str, clock: SteppingClock) -> Device:
    """The MFA device that alice has enabled."""
    return enable_device(iam, clock, alice)


@pytest.fixture
def root_email(server: Server, account: Account) -> str:
    """The e-mail address of a root user whose password is set."""

    def write(connection: Connection) -> str:
        connection.execute(
            update(accounts)
            .where(accounts.c.account_id == account.account_id)
            .values(root_password_hash=hash_password(PASSWORD))
        )
        email: str = connection.execute(
            select(accounts.c.root_email).where(accounts.c.account_id == account.account_id)
        ).scalar_one()
        return email

    return server.write(write)


def works(account: Account, key: Key) -> bool:
    """Tell whether credentials are taken."""
    sts = account.client("sts", key)
    try:
        sts.get_caller_identity()
    except sts.exceptions.ClientError as error:
        refusal = error.response["Error"]["Code"]
    else:
        return True
    assert refusal == "InvalidClientTokenId"
    return False


def test_a_user_signs_in(account: Account, browser: Browser, alice: str) -> None:
    """By the account's id or its alias, and the user's name in whatever case; the answer says who is signed in."""
    expected = {
        "result": "signedIn",
        "accountId": account.account_id,
        "accountAlias": account.alias,
        "userName": alice,
        "arn": f"arn:aws:iam::{account.account_id}:user/alice",
    }
    for named in (account.account_id, account.alias):
        answer = browser.sign_in(named, "ALICE", PASSWORD)
        assert (answer.status, answer.content) == (200, expected)
        assert answer.reply.headers["cache-control"] == "no-store"


def test_an_account_without_an_alias(account: Account, browser: Browser, alice: str) -> None:
    """An account without an alias is told so."""
    account.iam.delete_account_alias(AccountAlias=account.alias)
    assert browser.sign_in(account.account_id, alice, PASSWORD).content["accountAlias"] is None
    assert browser.sign_in(account.alias, alice, PASSWORD).outcome == (401, "refused")


def test_the_cookie_is_for_sign_in_alone(server: Server, account: Account, alice: str) -> None:
    """No script reads it, no other site sends it, only /signin gets it, and by TLS it goes by TLS alone."""
    plain = Browser(server).sign_in(account.alias, alice, PASSWORD)
    name, *attributes = plain.cookie.split("; ")
    assert name.startswith("keywright-signin-4580=")
    assert attributes == ["Path=/signin", "HttpOnly", "SameSite=Strict"]
    by_tls = Browser(server, secure=True).sign_in(account.alias, alice, PASSWORD)
    name, *attributes = by_tls.cookie.split("; ")
    assert name.startswith("__Secure-keywright-signin-4580=")
    assert attributes == ["Path=/signin", "HttpOnly", "SameSite=Strict", "Secure"]


def test_the_token_is_kept_nowhere(server: Server, account: Account, browser: Browser, alice: str) -> None:
    """Neither the store nor the log nor the trail has what is in the cookie, nor the password."""
    browser.sign_in(account.alias, alice, PASSWORD)
    (token,) = browser.cookies.values()
    assert len(token) >= 43
    rows = server.read(lambda connection: connection.execute(select(browser_sessions)).all())
    assert rows
    for text in (token, PASSWORD):
        assert not any(
            text in str(value) or text.encode() in bytes(str(value), "utf-8") for row in rows for value in row
        )
        assert text not in server.log.getvalue()
        assert not any(text in str(event) for event in sign_in_events(account))


def test_the_credentials_are_the_users(account: Account, browser: Browser, alice: str, clock: SteppingClock) -> None:
    """They last 15 minutes, may call IAM as the user may, and sign what the user's own key would."""
    browser.sign_in(account.alias, alice, PASSWORD)
    given = browser.post("/signin/credentials").content
    assert given.keys() == {
        *("accessKeyId", "secretAccessKey", "sessionToken", "expiration", "region"),
        *("accountId", "accountAlias", "userName", "arn"),
    }
    assert given["accessKeyId"].startswith("ASIA")
    key = Key(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
    iam = account.client("iam", key)
    assert iam.get_user()["User"]["UserName"] == alice
    with refused("AccessDenied", 403):
        iam.create_user(UserName="bob")
    assert account.client("sts", key).get_caller_identity()["Arn"] == given["arn"]
    clock.advance(minutes=15)
    with refused("ExpiredToken", 403):
        iam.get_user()
    assert account.client("iam", browser.credentials()).get_user()["User"]["UserName"] == alice


@pytest.mark.parametrize("operation", ["get_session_token", "get_federation_token"])
def test_the_credentials_make_no_session_tokens(account: Account, browser: Browser, alice: str, operation: str) -> None:
    """As on AWS, no session token comes of the console's credentials: it would outlive the sign-out."""
    browser.sign_in(account.alias, alice, PASSWORD)
    sts = account.client("sts", browser.credentials())
    parameters = {"Name": "xx"} if operation == "get_federation_token" else {}
    with refused("AccessDenied", 403):
        getattr(sts, operation)(**parameters)


def test_the_root_user_signs_in(account: Account, browser: Browser, root_email: str) -> None:
    """By e-mail address, in whatever case; the credentials may do everything, and the use of the password is noted."""
    answer = browser.post("/signin", {"account": None, "email": root_email.upper(), "password": PASSWORD})
    arn = f"arn:aws:iam::{account.account_id}:root"
    assert (answer.status, answer.content["userName"], answer.content["arn"]) == (200, None, arn)
    key = browser.credentials()
    account.client("iam", key).create_user(UserName="bob")
    assert account.client("sts", key).get_caller_identity()["Arn"] == arn
    (event,) = sign_in_events(account)
    assert event["userIdentity"] == {
        "type": "Root",
        "principalId": account.account_id,
        "arn": arn,
        "accountId": account.account_id,
        "accessKeyId": "",
    }
    Browser(browser.server).post("/signin", {"email": root_email, "password": WRONG})
    *_, failed = sign_in_events(account)
    assert (failed["responseElements"], failed["userIdentity"]) == ({"ConsoleLogin": "Failure"}, event["userIdentity"])


def test_who_is_refused(account: Account, server: Server, alice: str, root_email: str) -> None:
    """A wrong password, user, account or e-mail address, and a user without a password, get one and the same answer."""
    account.iam.create_user(UserName="without")
    tries = [
        {"account": account.alias, "user": alice, "password": WRONG},
        {"account": account.alias, "user": "nobody", "password": PASSWORD},
        {"account": account.alias, "user": "without", "password": PASSWORD},
        {"account": "no-such-account", "user": alice, "password": PASSWORD},
        {"account": "999999999999", "user": alice, "password": PASSWORD},
        {"email": root_email, "password": WRONG},
        {"email": "nobody@example.org", "password": PASSWORD},
        {"account": account.alias, "user": alice, "password": PASSWORD, "mfaCode": "123456"},
    ]
    replies = [Browser(server).post("/signin", one).reply for one in tries]
    assert {(reply.status, reply.body, tuple(sorted(reply.headers))) for reply in replies} == {
        (401, b'{"result":"refused"}', tuple(sorted(replies[0].headers)))
    }
    assert "set-cookie" not in replies[0].headers


def test_a_code_is_asked_for(account: Account, browser: Browser, alice: str, phone: Device) -> None:
    """After a right password, where a device is enabled; with a right code the session and its credentials say so."""
    asked = browser.sign_in(account.alias, alice, PASSWORD)
    assert asked.outcome == (401, "mfaRequired")
    assert not browser.cookies
    assert browser.sign_in(account.alias, alice, WRONG).outcome == (401, "refused")
    assert browser.sign_in(account.alias, alice, PASSWORD, mfaCode=phone.code()).outcome == (200, "signedIn")
    account.iam.put_user_policy(
        UserName=alice,
        PolicyName="with-mfa",
        PolicyDocument=allow(
            "iam:CreateUser",
            Condition={
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
                "NumericLessThan": {"aws:MultiFactorAuthAge": "600"},
            },
        ),
    )
    account.client("iam", browser.credentials()).create_user(UserName="bob")
    phone.clock.advance(minutes=10)
    with refused("AccessDenied", 403):
        account.client("iam", browser.credentials()).create_user(UserName="carol")
    check, failed, success = sign_in_events(account)
    assert (check["eventName"], check["responseElements"]) == ("CheckMfa", {"CheckMfa": "Success"})
    assert check["additionalEventData"] == {"MfaType": "Virtual MFA"}
    assert (failed["errorMessage"], failed["additionalEventData"]["MFAUsed"]) == ("Failed authentication", "No")
    assert success["additionalEventData"]["MFAUsed"] == "Yes"
    assert success["additionalEventData"]["MFAIdentifier"] == phone.serial_number


def test_a_code_is_good_once(account: Account, server: Server, alice: str, phone: Device) -> None:
    """The code that one sign-in used up is refused to the next."""
    code = phone.code()
    assert Browser(server).sign_in(account.alias, alice, PASSWORD, mfaCode=code).outcome == (200, "signedIn")
    assert Browser(server).sign_in(account.alias, alice, PASSWORD, mfaCode=code).outcome == (401, "refused")
    *_, event = sign_in_events(account)
    assert (event["errorMessage"], event["additionalEventData"]["MFAUsed"]) == ("Failed authentication", "Yes")


def test_any_of_several_devices(iam: Any, account: Account, server: Server, alice: str, phone: Device) -> None:
    """A code of either device will do, and is no wrong code of the other."""
    other = enable_device(iam, phone.clock, alice, "tablet")
    for device in (phone, other, phone, other, phone, other, phone, other):
        answer = Browser(server).sign_in(account.alias, alice, PASSWORD, mfaCode=device.code())
        assert answer.outcome == (200, "signedIn")
        phone.clock.advance(seconds=30)


def test_the_trail_tells_of_sign_ins(account: Account, browser: Browser, alice: str, clock: SteppingClock) -> None:
    """Success and failure are ConsoleLogin events as CloudTrail writes them, and the use of the password is noted."""
    user = account.iam.get_user(UserName=alice)["User"]
    assert "PasswordLastUsed" not in user
    browser.sign_in(account.alias, alice, WRONG)
    browser.sign_in(account.alias, "correct-Horse-1 typed in the wrong field", WRONG)
    before = clock.now.replace(microsecond=0)
    browser.sign_in(account.alias, alice, PASSWORD)
    failed, unknown, success = sign_in_events(account)
    event_id, event_time = success.pop("eventID"), success.pop("eventTime")
    assert event_id
    assert event_time == f"{before:%Y-%m-%dT%H:%M:%SZ}"
    assert success == {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": user["UserId"],
            "arn": user["Arn"],
            "accountId": account.account_id,
            "userName": alice,
        },
        "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin",
        "awsRegion": "us-east-1",
        "sourceIPAddress": browser.address,
        "userAgent": "Mozilla/5.0",
        "requestParameters": None,
        "responseElements": {"ConsoleLogin": "Success"},
        "additionalEventData": {"LoginTo": f"http://{HOST}/console/", "MobileVersion": "No", "MFAUsed": "No"},
        "readOnly": False,
        "eventType": "AwsConsoleSignIn",
        "managementEvent": True,
        "recipientAccountId": account.account_id,
        "eventCategory": "Management",
    }
    assert failed["responseElements"] == unknown["responseElements"] == {"ConsoleLogin": "Failure"}
    assert failed["errorMessage"] == "Failed authentication"
    assert failed["userIdentity"] == {
        "type": "IAMUser",
        "principalId": user["UserId"],
        "accountId": account.account_id,
        "accessKeyId": "",
        "userName": alice,
    }
    assert unknown["errorMessage"] == "No username found in supplied account"
    assert unknown["userIdentity"] == {
        "type": "IAMUser",
        "accountId": account.account_id,
        "accessKeyId": "",
        "userName": "HIDDEN_DUE_TO_SECURITY_REASONS",
    }
    assert account.iam.get_user(UserName=alice)["User"]["PasswordLastUsed"] >= before
    names = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": alice}]
    )["Events"]
    assert [one["EventName"] for one in names] == ["ConsoleLogin", "ConsoleLogin"]


def test_the_trail_tells_what_the_console_does(account: Account, browser: Browser, alice: str) -> None:
    """A call by the console's credentials has the sign-in as its session, and says that it is the console's."""
    browser.sign_in(account.alias, alice, PASSWORD)
    (login,) = sign_in_events(account)
    browser.server.clock.advance(minutes=20)
    key = browser.credentials()
    account.client("iam", key).get_user()
    found = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": key.access_key_id}]
    )["Events"]
    (event,) = [json.loads(one["CloudTrailEvent"]) for one in found]
    assert event["sessionCredentialFromConsole"] == "true"
    assert event["userIdentity"]["sessionContext"] == {
        "attributes": {"creationDate": login["eventTime"], "mfaAuthenticated": "false"}
    }


def test_signing_out_ends_all_of_it(account: Account, browser: Browser, alice: str) -> None:
    """The cookie is taken away and dead if it is played again, and the credentials are refused from that moment on."""
    browser.sign_in(account.alias, alice, PASSWORD)
    stolen, key = dict(browser.cookies), browser.credentials()
    assert works(account, key)
    answer = browser.post("/signin/out")
    assert (answer.status, answer.reply.body) == (204, b"")
    assert "Max-Age=0" in answer.cookie
    assert not browser.cookies
    assert not works(account, key)
    browser.cookies = stolen
    assert browser.post("/signin/credentials").outcome == (401, "signedOut")
    assert browser.post("/signin/out").status == 204


def test_signing_out_is_one_browsers(account: Account, server: Server, alice: str) -> None:
    """Another browser of the same user stays signed in."""
    one, other = Browser(server), Browser(server)
    for browser in (one, other):
        browser.sign_in(account.alias, alice, PASSWORD)
    kept = other.credentials()
    one.post("/signin/out")
    assert works(account, kept)
    assert works(account, other.credentials())


def test_no_session_is_fixed_beforehand(account: Account, server: Server, browser: Browser, alice: str) -> None:
    """A sign-in never takes over the token that the browser brought, and ends the session that it was."""
    browser.cookies["keywright-signin-4580"] = "planted-by-somebody-else"
    browser.sign_in(account.alias, alice, PASSWORD)
    first, key = dict(browser.cookies), browser.credentials()
    assert first["keywright-signin-4580"] != "planted-by-somebody-else"
    browser.sign_in(account.alias, alice, PASSWORD)
    assert browser.cookies != first
    assert not works(account, key)
    planted, old = Browser(server), Browser(server)
    planted.cookies["keywright-signin-4580"] = "planted-by-somebody-else"
    old.cookies = first
    for one in (planted, old):
        assert one.post("/signin/credentials").outcome == (401, "signedOut")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"origin": f"http://{HOST}"},
        {"origin": f"http://{HOST}", "sec-fetch-site": "cross-site"},
        {"origin": f"http://{HOST}", "sec-fetch-site": "same-site"},
        {"origin": f"http://{HOST}", "sec-fetch-site": "none"},
        {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": f"https://{HOST}", "sec-fetch-site": "same-origin"},
        {"origin": "http://localhost:8080", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/signin", "/signin/credentials", "/signin/out"])
def test_no_other_site_posts(
    account: Account, browser: Browser, alice: str, path: str, headers: dict[str, str]
) -> None:
    """Both headers must say that this server's own page asks; one that is not there does not pass."""
    browser.sign_in(account.alias, alice, PASSWORD)
    content = {"account": account.alias, "user": alice, "password": PASSWORD}
    answer = browser.post(path, content, headers)
    assert answer.outcome == (403, "crossSite")
    assert "set-cookie" not in answer.reply.headers
    assert works(account, browser.credentials())


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"account": "a", "user": "b"},
        {"account": "a", "password": "c"},
        {"user": "b", "password": "c"},
        {"account": "a", "user": "b", "email": "e@x", "password": "c"},
        {"account": "a", "email": "e@x", "password": "c"},
        {"account": "a", "user": 1, "password": "c"},
        {"account": "a", "user": "b\0", "password": "c"},
        {"account": "a", "user": "b", "password": "c", "mfaCode": "12345"},
        {"account": "a", "user": "b", "password": "c", "mfaCode": "１２３４５６"},
        {"account": "a", "user": "b", "password": "c", "remember": "true"},
        {"account": "a", "user": "b", "password": "x" * 9000},
    ],
    ids=str,
)
def test_what_is_no_sign_in(browser: Browser, content: Any) -> None:
    """A body with something missing, of another kind or unknown is refused before anything is looked at."""
    assert browser.post("/signin", content).outcome == (400, "invalidRequest")


def test_a_form_is_no_sign_in(account: Account, browser: Browser, alice: str) -> None:
    """What a form can send, a page of any site can send: only JSON signs in, and only by POST."""
    body = f'{{"account":"{account.alias}","user":"{alice}","password":"{PASSWORD}"}}'.encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        sent = {"host": HOST, "content-type": kind} | browser.own_headers
        assert browser.send("POST", "/signin", sent, body).status == 400
    for path in ("/signin", "/signin/credentials", "/signin/out"):
        assert browser.get(path).status == 405
    assert (
        browser.send(
            "POST", "/signin", {"host": HOST, "content-type": "application/json"} | browser.own_headers, b"{"
        ).status
        == 400
    )


def test_a_session_ends_of_itself(account: Account, server: Server, alice: str, clock: SteppingClock) -> None:
    """After an hour without use, and after twelve hours in any case; its credentials do not outlive it."""
    idle, busy = Browser(server), Browser(server)
    for browser in (idle, busy):
        browser.sign_in(account.alias, alice, PASSWORD)
    for _ in range(14):
        clock.advance(minutes=50)
        assert busy.post("/signin/credentials").status == 200
    assert idle.post("/signin/credentials").outcome == (401, "signedOut")
    clock.advance(minutes=15)
    last = busy.post("/signin/credentials")
    assert last.status == 200
    clock.advance(minutes=6)
    assert busy.post("/signin/credentials").outcome == (401, "signedOut")
    key = Key(last.content["accessKeyId"], last.content["secretAccessKey"], last.content["sessionToken"])
    with refused("ExpiredToken", 403):
        account.client("sts", key).get_caller_identity()


def test_another_password_ends_the_sessions(account: Account, browser: Browser, alice: str) -> None:
    """So does the same password set again, taking it away, and deleting the user; the credentials end, too."""

    def set_it(password: str) -> None:
        account.iam.update_login_profile(UserName=alice, Password=password)

    def take_it() -> None:
        account.iam.delete_login_profile(UserName=alice)

    def delete() -> None:
        account.iam.create_login_profile(UserName=alice, Password=PASSWORD)
        browser.sign_in(account.alias, alice, PASSWORD)
        assert works(account, browser.credentials())
        account.iam.delete_login_profile(UserName=alice)
        account.iam.delete_user_policy(UserName=alice, PolicyName="reads")
        account.iam.delete_user(UserName=alice)

    present = PASSWORD
    for end, password in ((lambda: set_it(OTHER), OTHER), (lambda: set_it(OTHER), OTHER), (take_it, ""), (delete, "")):
        if end is not delete:
            assert browser.sign_in(account.alias, alice, present).status == 200
            key = browser.credentials()
        end()
        present = password
        assert not works(account, key)
        assert browser.post("/signin/credentials").outcome == (401, "signedOut")


def test_who_changes_the_password_stays(account: Account, server: Server, alice: str) -> None:
    """Changing one's own password in the console ends all of one's sessions but this one."""
    account.iam.update_account_password_policy(AllowUsersToChangePassword=True)
    mine, other = Browser(server), Browser(server)
    for browser in (mine, other):
        browser.sign_in(account.alias, alice, PASSWORD)
    key, others = mine.credentials(), other.credentials()
    account.client("iam", key).change_password(OldPassword=PASSWORD, NewPassword=OTHER)
    assert works(account, key)
    assert works(account, mine.credentials())
    assert not works(account, others)
    assert other.post("/signin/credentials").outcome == (401, "signedOut")


def test_guessing_is_slowed_down(account: Account, server: Server, alice: str, clock: SteppingClock) -> None:
    """From the sixth failure on a name must wait, whoever tries it, by alias or by id, with the right password too."""
    for named in (account.alias, account.account_id, account.alias, account.account_id, account.alias):
        assert Browser(server).sign_in(named, alice, WRONG).outcome == (401, "refused")
    waits = []
    for _ in range(3):
        answer = Browser(server).sign_in(account.account_id, alice.upper(), PASSWORD)
        assert answer.outcome == (429, "throttled")
        assert answer.reply.headers["retry-after"] == str(answer.content["retryAfterSeconds"])
        waits.append(answer.content["retryAfterSeconds"])
        clock.advance(seconds=waits[-1])
        assert Browser(server).sign_in(account.alias, alice, WRONG).outcome == (401, "refused")
    assert waits == [2, 4, 8]
    # What was throttled was not looked at, and is no event.
    assert len(sign_in_events(account)) == 8
    clock.advance(seconds=16)
    assert Browser(server).sign_in(account.alias, alice, PASSWORD).outcome == (200, "signedIn")
    assert Browser(server).sign_in(account.alias, alice, WRONG).outcome == (401, "refused")


def test_guessing_a_name_that_is_nobodys(account: Account, server: Server) -> None:
    """Throttling does not tell who exists: a name that is nobody's must wait as well."""
    for _ in range(5):
        assert Browser(server).sign_in(account.alias, "nobody", WRONG).outcome == (401, "refused")
    assert Browser(server).sign_in(account.alias, "NOBODY", WRONG).outcome == (429, "throttled")


def test_guessing_codes_is_slowed_down(account: Account, server: Server, alice: str, phone: Device) -> None:
    """Knowing the password is no way round: asking for the code in between does not begin the count anew."""
    wrong_code = f"{(int(phone.code()) + 1) % 10**6:06}"
    for _ in range(5):
        assert Browser(server).sign_in(account.alias, alice, PASSWORD, mfaCode=wrong_code).status == 401
        phone.clock.advance(minutes=6)
    assert Browser(server).sign_in(account.alias, alice, PASSWORD).outcome == (401, "mfaRequired")
    assert Browser(server).sign_in(account.alias, alice, PASSWORD, mfaCode=wrong_code).outcome == (401, "refused")
    assert Browser(server).sign_in(account.alias, alice, PASSWORD).outcome == (429, "throttled")


def test_an_address_is_slowed_down(account: Account, server: Server, alice: str, clock: SteppingClock) -> None:
    """After thirty failures an address must wait whatever name it tries; another address need not."""
    guesser = Browser(server)
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(
            threads.map(lambda number: guesser.sign_in(account.alias, f"user-{number}", WRONG).outcome, range(40))
        )
    # All at once is no way round either: an attempt counts from its beginning.
    assert sorted(outcomes) == [(401, "refused")] * 30 + [(429, "throttled")] * 10
    assert guesser.sign_in(account.alias, alice, PASSWORD).outcome == (429, "throttled")
    assert Browser(server).sign_in(account.alias, alice, PASSWORD).outcome == (200, "signedIn")
    clock.advance(hours=1)
    assert guesser.sign_in(account.alias, alice, PASSWORD).outcome == (200, "signedIn")
    server.write(lambda connection: prune_attempts(connection, clock.now, 1000))
    clock.advance(hours=25)
    server.write(lambda connection: prune_attempts(connection, clock.now, 1000))
    assert server.read(lambda connection: connection.execute(select(sign_in_attempts)).all()) == []


def test_an_own_account_does_not_clear_an_address(account: Account, server: Server, alice: str) -> None:
    """Who signs in now and then to an account of their own does not get further guesses at others by that."""
    guesser = Browser(server)
    for number in range(30):
        assert guesser.sign_in(account.alias, f"user-{number}", WRONG).outcome == (401, "refused")
        if number % 10 == 0:
            assert guesser.sign_in(account.alias, alice, PASSWORD).outcome == (200, "signedIn")
    assert guesser.sign_in(account.alias, "another", WRONG).outcome == (429, "throttled")


def test_a_password_must_be_changed(account: Account, browser: Browser, alice: str) -> None:
    """Nothing but the change is to be had before it; it is the user's own ChangePassword, and then they are in."""
    account.iam.update_login_profile(UserName=alice, Password=PASSWORD, PasswordResetRequired=True)
    account.iam.put_user_policy(UserName=alice, PolicyName="change", PolicyDocument=allow("iam:ChangePassword"))
    assert browser.sign_in(account.alias, alice, PASSWORD).outcome == (403, "passwordChangeRequired")
    assert browser.post("/signin/credentials").outcome == (401, "signedOut")
    assert sign_in_events(account) == []
    short = browser.sign_in(account.alias, alice, PASSWORD, newPassword="short")
    assert short.outcome == (400, "passwordPolicyViolation")
    assert short.content["message"] == POLICY_VIOLATION
    assert browser.post("/signin/credentials").outcome == (401, "signedOut")
    assert browser.sign_in(account.alias, alice, WRONG, newPassword=OTHER).outcome == (401, "refused")
    assert browser.sign_in(account.alias, alice, PASSWORD, newPassword=OTHER).outcome == (200, "signedIn")
    assert account.client("iam", browser.credentials()).get_user()["User"]["UserName"] == alice
    assert Browser(browser.server).sign_in(account.alias, alice, PASSWORD).outcome == (401, "refused")
    assert Browser(browser.server).sign_in(account.alias, alice, OTHER).outcome == (200, "signedIn")
    changes = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ChangePassword"}]
    )["Events"]
    assert [("errorCode" in one["CloudTrailEvent"], one["Username"]) for one in changes] == [
        (False, alice),
        (True, alice),
    ]
    assert not any(OTHER in one["CloudTrailEvent"] or PASSWORD in one["CloudTrailEvent"] for one in changes)


def test_a_change_needs_its_permission(account: Account, browser: Browser, alice: str) -> None:
    """As on AWS, who may not iam:ChangePassword does not get past a change that is asked for, and is told so."""
    account.iam.update_login_profile(UserName=alice, Password=PASSWORD, PasswordResetRequired=True)
    answer = browser.sign_in(account.alias, alice, PASSWORD, newPassword=OTHER)
    assert answer.outcome == (400, "passwordPolicyViolation")
    assert answer.content["message"] == NOT_AUTHORIZED
    assert Browser(browser.server).sign_in(account.alias, alice, OTHER).outcome == (401, "refused")


def test_a_change_with_mfa(account: Account, browser: Browser, alice: str, phone: Device) -> None:
    """The code that was shown when the change was asked for need not be shown again; without it nothing changes."""
    account.iam.update_login_profile(UserName=alice, Password=PASSWORD, PasswordResetRequired=True)
    account.iam.put_user_policy(
        UserName=alice,
        PolicyName="change",
        PolicyDocument=allow("iam:ChangePassword", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    )
    stranger = Browser(browser.server)
    assert stranger.sign_in(account.alias, alice, PASSWORD, newPassword=OTHER).outcome == (401, "mfaRequired")
    code = phone.code()
    asked = browser.sign_in(account.alias, alice, PASSWORD, mfaCode=code)
    assert asked.outcome == (403, "passwordChangeRequired")
    phone.clock.advance(minutes=3)
    assert stranger.sign_in(account.alias, alice, PASSWORD, mfaCode=code, newPassword=OTHER).status == 401
    short = browser.sign_in(account.alias, alice, PASSWORD, mfaCode=code, newPassword="short")
    assert short.outcome == (400, "passwordPolicyViolation")
    done = browser.sign_in(account.alias, alice, PASSWORD, mfaCode=code, newPassword=OTHER)
    assert done.outcome == (200, "signedIn")
    *_, event = sign_in_events(account)
    assert event["additionalEventData"]["MFAIdentifier"] == phone.serial_number


def test_a_change_that_nobody_asked_for(account: Account, browser: Browser, alice: str) -> None:
    """A new password with an ordinary sign-in is refused: it changes nothing, and signs nobody in."""
    answer = browser.sign_in(account.alias, alice, PASSWORD, newPassword=OTHER)
    assert answer.outcome == (400, "invalidRequest")
    assert not browser.cookies
    assert browser.sign_in(account.alias, alice, PASSWORD).outcome == (200, "signedIn")


def test_a_password_expires(account: Account, browser: Browser, alice: str, clock: SteppingClock) -> None:
    """One that is too old must be changed; under hard expiry only an administrator can help."""
    account.iam.update_account_password_policy(
        MaxPasswordAge=30, AllowUsersToChangePassword=True, MinimumPasswordLength=8
    )
    clock.advance(days=31)
    assert browser.sign_in(account.alias, alice, PASSWORD).outcome == (403, "passwordChangeRequired")
    account.iam.update_account_password_policy(MaxPasswordAge=30, HardExpiry=True, MinimumPasswordLength=8)
    assert browser.sign_in(account.alias, alice, PASSWORD).outcome == (403, "passwordExpired")
    account.iam.update_account_password_policy(
        MaxPasswordAge=30, AllowUsersToChangePassword=True, MinimumPasswordLength=8
    )
    assert browser.sign_in(account.alias, alice, PASSWORD, newPassword=OTHER).outcome == (200, "signedIn")


def test_the_log_tells_of_sign_ins(account: Account, server: Server, browser: Browser, alice: str) -> None:
    """A line each, with who signed in, or why not."""
    browser.sign_in(account.alias, alice, PASSWORD)
    browser.sign_in(account.alias, alice, WRONG)
    refusal, success = (line for line in reversed(server.log.getvalue().splitlines()[-2:]))
    assert '"action":"signin:SignIn"' in success
    assert f":user/{alice}" in success
    assert '"error":"refused"' in refusal


def test_a_bucket_may_be_called_signin(account: Account, browser: Browser, alice: str) -> None:
    """What is signed is S3's, whatever its path; what is not is sign-in's, by whatever name the server is reached."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket="signin")
    s3.head_bucket(Bucket="signin")
    s3.delete_bucket(Bucket="signin")
    for host in ("s3.example.org", "iam.example.org"):
        sent = {"host": host, "content-type": "application/json", "origin": f"http://{host}"}
        body = json.dumps({"account": account.alias, "user": alice, "password": PASSWORD}).encode()
        assert browser.send("POST", "/signin", sent | {"sec-fetch-site": "same-origin"}, body).status == 200
