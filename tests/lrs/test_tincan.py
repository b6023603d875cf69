"""The Python client that others use, over real HTTP: it sends, finds, pages and voids."""

import base64
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from tincan import (
    Activity,
    ActivityDefinition,
    ActivityProfileDocument,
    Agent,
    AgentAccount,
    AgentProfileDocument,
    LanguageMap,
    RemoteLRS,
    StateDocument,
    Statement,
    StatementRef,
    Verb,
)

COMPLETED = Verb(id="http://adlnet.gov/expapi/verbs/completed", display=LanguageMap({"cy": "wedi cwblhau"}))
SIAN = Agent(name="Siân Ŵyn", account=AgentAccount(home_page="https://lms.example", name="sian"))


def made(**changes):
    whole = {
        "actor": SIAN,
        "verb": COMPLETED,
        "object": Activity(
            id="https://ktb.vsc.example/a", definition=ActivityDefinition(name=LanguageMap({"cy": "Diogelu â gofal"}))
        ),
        "timestamp": datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
    }
    return Statement(**whole | changes)


@pytest.fixture
def remote(server, key):
    server.start()
    name, secret = base64.b64decode(key("all")["Authorization"][6:]).decode().split(":")
    return RemoteLRS(version="1.0.3", endpoint=server.url + "/xapi/", username=name, password=secret)


def test_a_session_of_tincan(remote):
    about = remote.about()
    assert about.success
    assert about.content.version[0] == "1.0.3"

    one = remote.save_statement(made())
    assert one.success, one.data
    with_id = remote.save_statement(made(id=str(uuid.uuid4())))
    assert with_id.success, with_id.data
    many = remote.save_statements([made() for _ in range(5)])
    assert many.success, many.data

    back = remote.retrieve_statement(one.content.id)
    assert back.content.actor.name == "Siân Ŵyn"
    assert back.content.object.definition.name["cy"] == "Diogelu â gofal"
    assert back.content.version == "1.0.3"

    since = datetime.now(UTC) - timedelta(hours=1)
    page = remote.query_statements({"agent": SIAN, "verb": COMPLETED, "since": since, "limit": 4})
    assert page.success, page.data
    rest = remote.more_statements(page.content.more)
    assert rest.success, rest.data
    assert len(page.content.statements) + len(rest.content.statements) == 7
    assert not rest.content.more

    void = Statement(
        actor=SIAN, verb=Verb(id="http://adlnet.gov/expapi/verbs/voided"), object=StatementRef(id=one.content.id)
    )
    assert remote.save_statement(void).success
    assert not remote.retrieve_statement(one.content.id).success
    assert remote.retrieve_voided_statement(one.content.id).success

    documents(remote)


def documents(remote):
    """State and profiles, as far as this client can: it reads no ETag, and sends a State twice without registration."""
    activity = Activity(id="https://ktb.vsc.example/a")
    about = {"agent": SIAN, "activity": activity, "id": "bookmark", "content_type": "application/json"}
    assert remote.save_state(StateDocument(content=bytearray(b'{"page": 3}'), **about)).success
    assert remote.retrieve_state(activity, SIAN, "bookmark").content.content == bytearray(b'{"page": 3}')
    assert remote.retrieve_state_ids(activity, SIAN).content == ["bookmark"]
    latin = remote.save_state(StateDocument(content='{"name": "Siân"}', **about))  # it writes â as one byte
    assert (latin.success, latin.response.status) == (False, 400)
    assert remote.delete_state(StateDocument(content="", **about)).success
    assert remote.retrieve_state_ids(activity, SIAN).content == []

    for profile, kind in (
        (ActivityProfileDocument(activity=activity, id="p"), "activity"),
        (AgentProfileDocument(agent=SIAN, id="p"), "agent"),
    ):
        profile.content, profile.content_type = bytearray(b"{}"), "application/json"
        save, delete = getattr(remote, f"save_{kind}_profile"), getattr(remote, f"delete_{kind}_profile")
        assert save(profile).response.status == 400  # neither If-Match nor If-None-Match
        profile.etag = "*"
        assert save(profile).response.status == 412  # there is none yet
        profile.etag = None
        assert delete(profile).success


def test_what_tincan_lets_pass_the_store_refuses(remote):
    answer = remote.save_statement(made(actor=Agent(mbox="not an address")))
    assert not answer.success
    assert answer.response.status == 400
    assert '"/actor/mbox"' in answer.data
