"""The Python client that others use, over real HTTP: it sends, finds, pages and voids."""

import base64
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from tincan import (
    Activity,
    ActivityDefinition,
    Agent,
    AgentAccount,
    LanguageMap,
    RemoteLRS,
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


def test_what_tincan_lets_pass_the_store_refuses(remote):
    answer = remote.save_statement(made(actor=Agent(mbox="not an address")))
    assert not answer.success
    assert answer.response.status == 400
    assert '"/actor/mbox"' in answer.data
