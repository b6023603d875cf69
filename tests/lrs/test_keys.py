"""Keys: what each scope may do, and what a wrong key gets."""

import base64

import pytest

from lrs.storage import database, keys


def basic(name, secret):
    pair = base64.b64encode(f"{name}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}


@pytest.mark.parametrize(
    ("scope", "write", "read"),
    [
        ("statements/write", 200, 403),
        ("statements/read", 403, 200),
        ("statements/read/mine", 403, 200),
        ("all/read", 403, 200),
        ("all", 200, 200),
    ],
)
def test_each_scope_does_what_it_says(xapi_as, key, statement, scope, write, read):
    xapi = xapi_as(key(scope))
    sent = statement()
    assert xapi.post(sent).status_code == write
    assert xapi.put(sent["id"], sent).status_code == (204 if write == 200 else write)
    assert xapi.get().status_code == read
    assert xapi.client.head("/xapi/statements", headers=xapi.headers).status_code == read


def test_scopes_add_up(xapi_as, key, statement):
    xapi = xapi_as(key("statements/write", "statements/read/mine"))
    number = xapi.post(statement()).json[0]
    assert xapi.ids() == [number]


def test_read_mine_sees_only_what_the_same_key_stored(xapi, xapi_as, key, statement):
    mine = xapi_as(key("statements/write", "statements/read/mine"))
    theirs = xapi.post([statement(), statement()]).json
    # a statement that names this key's authority somewhere else is not this key's
    authority = mine.get(statementId=(own := mine.post(statement()).json[0])).json["authority"]
    theirs += xapi.post(statement(actor=authority)).json
    assert mine.ids() == [own]
    assert mine.get(statementId=theirs[0]).status_code == 404
    assert mine.get(statementId=theirs[2]).status_code == 404
    assert len(xapi.ids()) == 4


def test_no_key_a_wrong_key_and_a_wrong_secret_get_401(client, key):
    good = key("all")
    name = base64.b64decode(good["Authorization"][6:]).decode().partition(":")[0]
    version = {"X-Experience-API-Version": "1.0.3"}
    refused = [
        version,
        basic(name, "wrong"),
        basic("wrong", "wrong"),
        basic(name, ""),
        basic("", ""),
        basic("Siân", "ŵ"),
        version | {"Authorization": "Basic ="},
        version | {"Authorization": "Basic //8="},
        version | {"Authorization": "Basic \x80"},
        version | {"Authorization": "Digest x"},
        version | {"Authorization": "Bearer x"},
        version | {"Authorization": "Bearer"},
    ]
    assert client.get("/xapi/statements", headers=good).status_code == 200
    for headers in refused:
        for method in (client.get, client.post, client.put):
            answer = method("/xapi/statements", headers=headers)
            assert answer.status_code == 401, headers
            assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_revoked_key_is_no_key(xapi, engine, clock):
    with database.writing(engine) as connection:
        connection.exec_driver_sql("UPDATE keys SET revoked_at = 1")
    assert xapi.get().status_code == 401


def test_the_secret_is_random_and_never_kept(engine, clock, rows):
    with database.writing(engine) as connection:
        made = [keys.create(connection, "x", ["all"], clock()) for _ in range(2)]
    assert made[0].secret != made[1].secret
    assert len(bytes.fromhex(made[0].secret)) == 32  # hexadecimal, so that no command takes it for an option
    assert made[0].secret not in str(rows("SELECT * FROM keys"))


def test_an_unknown_scope_is_refused(engine, clock):
    with database.writing(engine) as connection, pytest.raises(ValueError, match="everything"):
        keys.create(connection, "x", ["all", "everything"], clock())


def test_a_key_is_asked_for_before_the_body_is_looked_at(client):
    answer = client.post("/xapi/statements", data=b"{", headers={"X-Experience-API-Version": "1.0.3"})
    assert answer.status_code == 401


def test_a_key_is_looked_up_once_in_a_while_and_a_wrong_secret_each_time(engine, clock, monkeypatch):
    moments = [0.0]
    monkeypatch.setattr(keys, "monotonic", lambda: moments[0])
    with database.writing(engine) as connection:
        made = keys.create(connection, "provider", ["all"], clock())
    asked, recent = [], keys.Recent()
    with database.reading(engine) as connection:

        def opened():
            asked.append(moments[0])
            return connection

        for moment in (0.0, 4.9, 5.1):
            moments[0] = moment
            assert recent.find(opened, made.key, made.secret).label == "provider"
            assert recent.find(opened, made.key, f"{made.secret}x") is None
    assert asked == [0.0, 0.0, 4.9, 5.1, 5.1]


def test_a_thousand_keys_do_not_fill_the_memory(engine, clock):
    recent = keys.Recent()
    with database.writing(engine) as connection:
        made = [keys.create(connection, "provider", ["all"], clock()) for _ in range(keys.Recent.MOST + 1)]
        found = [recent.find(lambda: connection, one.key, one.secret) for one in made]
    assert all(found)
    assert len(recent._found) <= keys.Recent.MOST
