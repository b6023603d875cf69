"""The forms of an answer: exact, ids and canonical, and what the store knows of activities and agents."""

import copy
import json

import pytest

from lrs.storage import activities, agents, database

SIAN = {"objectType": "Agent", "name": "Siân", "mbox": "mailto:sian@cyngor.example"}
TEAM = {"objectType": "Group", "name": "Tîm", "openid": "https://id.example/t", "member": [SIAN]}
NOBODY = {"objectType": "Group", "name": "Pawb", "member": [SIAN, {"account": {"homePage": "x:h", "name": "1"}}]}
DEFINED = {"name": {"en": "Safeguarding", "cy": "Diogelu"}, "type": "x:t"}
ACTIVITY = {"objectType": "Activity", "id": "x:a", "definition": DEFINED}
VERB = {"id": "x:v", "display": {"en-GB": "completed", "cy": "wedi cwblhau"}}
WHOLE = {
    "actor": SIAN,
    "verb": VERB,
    "object": {
        "objectType": "SubStatement",
        "actor": NOBODY,
        "verb": VERB,
        "object": ACTIVITY,
        "context": {"instructor": SIAN, "contextActivities": {"parent": [ACTIVITY]}},
    },
    "context": {
        "team": TEAM,
        "instructor": NOBODY,
        "contextActivities": {"grouping": [ACTIVITY]},
        "platform": "x",
        "statement": {"objectType": "StatementRef", "id": "11111111-1111-4111-8111-111111111111"},
        "contextAgents": [{"objectType": "contextAgent", "agent": SIAN, "relevantTypes": ["x:r"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": TEAM}],
    },
    "result": {"response": "x"},
}
del WHOLE["context"]["platform"]  # not for statements about a SubStatement
CHOICE = {
    "interactionType": "choice",
    "choices": [{"id": "1", "description": {"en": "One", "cy": "Un"}}, {"id": "2"}],
    "description": {"cy": "Dewis"},
}


@pytest.fixture
def asked(client, key):
    """``asked(form, language=None, **query)`` -> the first statement in this form."""
    headers = key("all") | {"X-Experience-API-Version": "2.0.0"}

    def first(form, language=None, **query):
        wanted = headers | ({"Accept-Language": language} if language else {})
        answer = client.get("/xapi/statements", query_string={"format": form, **query}, headers=wanted)
        assert answer.status_code == 200, answer.text
        return answer.json["statements"][0] if "statements" in answer.json else answer.json

    return first


@pytest.fixture
def keep(xapi, xapi_as):
    """``keep(**statement)`` -> the id of a statement sent by version 2.0.0."""
    speaking = xapi_as({**xapi.headers, "X-Experience-API-Version": "2.0.0"})

    def kept(**statement):
        answer = speaking.post(statement)
        assert answer.status_code == 200, answer.text
        return answer.json[0]

    return kept


def test_exact_is_what_was_sent(asked, keep):
    number = keep(**copy.deepcopy(WHOLE))
    found = asked("exact")
    assert {name: found[name] for name in WHOLE} == WHOLE
    assert asked("exact", statementId=number) == found


def test_ids_tells_who_and_which_and_no_more(asked, keep):
    number = keep(**copy.deepcopy(WHOLE))
    found = asked("ids")
    who, team = {"objectType": "Agent", "mbox": SIAN["mbox"]}, {"objectType": "Group", "openid": TEAM["openid"]}
    nobody = {"objectType": "Group", "member": [who, NOBODY["member"][1]]}
    which = {"id": "x:a"}
    assert found["actor"] == who
    assert found["verb"] == {"id": "x:v"}
    assert found["authority"].keys() == {"objectType", "account"}
    assert found["object"] == {
        "objectType": "SubStatement",
        "actor": nobody,
        "verb": {"id": "x:v"},
        "object": which,
        "context": {"instructor": who, "contextActivities": {"parent": [which]}},
    }
    assert found["context"] == {
        "team": team,
        "instructor": nobody,
        "contextActivities": {"grouping": [which]},
        "statement": WHOLE["context"]["statement"],
        "contextAgents": [{"objectType": "contextAgent", "agent": who, "relevantTypes": ["x:r"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": team}],
    }
    assert found["result"] == WHOLE["result"]
    assert asked("ids", statementId=number) == found


@pytest.mark.parametrize("thing", [SIAN, TEAM])
def test_ids_of_an_object_that_is_an_actor(asked, keep, thing):
    keep(actor=SIAN, verb=VERB, object=thing)
    assert asked("ids")["object"].keys() == thing.keys() - {"name", "member"}


@pytest.mark.parametrize(
    ("language", "name", "verb"),
    [
        ("cy", "Diogelu", "wedi cwblhau"),
        ("en", "Safeguarding", "completed"),
        ("en-GB", "Safeguarding", "completed"),
        ("de, cy;q=0.5, en;q=0.1", "Diogelu", "wedi cwblhau"),
        ("cy;q=0, en", "Safeguarding", "completed"),
        ("de", "Safeguarding", "completed"),
        (None, "Safeguarding", "completed"),
        ("*", "Safeguarding", "completed"),
        ("%%;;q=x", "Safeguarding", "completed"),
    ],
)
def test_canonical_has_one_language_in_each_map(asked, keep, language, name, verb):
    keep(**copy.deepcopy(WHOLE))
    found = asked("canonical", language)
    for activity in (
        found["object"]["object"],
        found["object"]["context"]["contextActivities"]["parent"][0],
        found["context"]["contextActivities"]["grouping"][0],
    ):
        assert list(activity["definition"]["name"].values()) == [name]
        assert activity["definition"]["type"] == "x:t"
    for one in (found["verb"], found["object"]["verb"]):
        assert list(one["display"].values()) == [verb]
    assert found["context"]["team"] == TEAM  # agents and groups stay as they were sent


def test_canonical_reaches_into_interactions_and_attachments(asked, keep):
    file = {"usageType": "x:u", "display": {"en": "File", "cy": "Ffeil"}, "contentType": "a/b", "length": 1,
            "sha2": "ab" * 32, "fileUrl": "x:f"}  # fmt: skip
    keep(actor=SIAN, verb=VERB, object={"id": "x:c", "definition": CHOICE}, attachments=[file])
    found = asked("canonical", "cy")
    assert found["object"]["definition"]["choices"] == [{"id": "1", "description": {"cy": "Un"}}, {"id": "2"}]
    assert found["attachments"][0]["display"] == {"cy": "Ffeil"}
    assert asked("exact")["attachments"] == [file]


def test_canonical_tells_what_the_store_knows_of_an_activity(asked, keep):
    first = keep(actor=SIAN, verb={"id": "x:v"}, object={"id": "x:a"})
    assert "definition" not in asked("canonical", statementId=first)["object"]
    keep(actor=SIAN, verb={"id": "x:v"}, object={"id": "x:a", "definition": {"name": {"cy": "Cyntaf"}, "type": "x:t"}})
    keep(actor=SIAN, verb={"id": "x:v"}, object={"id": "x:b", "definition": {}},
         context={"contextActivities": {"other": [{"id": "x:a", "definition": {"name": {"en": "First"}}}]}},
    )  # fmt: skip
    found = asked("canonical", "en", statementId=first)["object"]["definition"]
    assert found == {"name": {"en": "First"}, "type": "x:t"}
    assert asked("canonical", "cy", statementId=first)["object"]["definition"]["name"] == {"cy": "Cyntaf"}
    assert "definition" not in asked("exact", statementId=first)["object"]


def test_more_keeps_the_form(xapi, statement):
    xapi.post([statement(verb=VERB) for _ in range(3)])
    page = xapi.get(format="ids", limit=2).json
    assert xapi.get(page["more"]).json["statements"][0]["verb"] == {"id": "x:v"}


@pytest.fixture
def written(monkeypatch):
    """The rows of definitions that each call writes."""
    calls, insert = [], activities.insert

    def noted(connection, table, columns, new, suffix=""):
        calls.append(new)
        insert(connection, table, columns, new, suffix)

    monkeypatch.setattr(activities, "insert", noted)
    return calls


def test_what_is_said_of_an_activity_is_merged_and_written_only_where_it_changes(xapi, statement, engine, written):
    said = [
        {"name": {"en": "Old"}, "type": "x:t", "extensions": {"x:e": 1, "x:f": 1}},
        {"name": {"cy": "Hen"}, "extensions": {"x:e": 2}},
        {"name": {"en": "New"}},
    ]
    for definition in said:
        xapi.post([statement(object={"id": "x:a", "definition": definition})] * 1)
    with database.reading(engine) as connection:
        known = activities.definition(connection, "x:a")
        assert activities.definition(connection, "x:b") is None
    assert known == {"name": {"en": "New", "cy": "Hen"}, "type": "x:t", "extensions": {"x:e": 2, "x:f": 1}}
    again = {"id": "x:a", "definition": {"name": {"en": "New"}, "type": "x:t"}}
    written.clear()
    assert xapi.post([statement(object=again), statement(object={"id": "x:a"})]).status_code == 200
    assert written == [[]]


def test_definitions_are_written_in_the_order_of_their_numbers(xapi, statement, written):
    batch = [statement(object={"id": f"x:{number}", "definition": DEFINED}) for number in (5, 3, 9, 1, 7)]
    xapi.post(batch)
    order = [number for number, _ in written[0]]
    assert order == sorted(order)
    assert len(order) == 5


def test_a_definition_that_grows_without_end_is_not_followed(xapi, statement, engine):
    for start in range(0, 4000, 1000):
        words = {f"x:{'y' * 20}{number}": 1 for number in range(start, start + 1000)}
        assert xapi.post(statement(object={"id": "x:a", "definition": {"extensions": words}})).status_code == 200
    with database.reading(engine) as connection:
        known = activities.definition(connection, "x:a")
    assert 1000 <= len(known["extensions"]) < 4000


def test_a_person_has_every_name_that_an_agent_was_called_by(xapi, statement, engine):
    for name in ("Siân Ŵyn", "Sian", "Sian", "x" * 501, "", "a\0b"):
        xapi.post(statement(actor={"objectType": "Group", "member": [SIAN | {"name": name}]}))
    xapi.post(statement(actor={"account": {"homePage": "https://lms.example", "name": "a|b"}}))
    with database.reading(engine) as connection:
        found = agents.person(connection, "mbox|" + SIAN["mbox"])
        account = agents.person(connection, "account|https://lms.example|a|b")
        stranger = agents.person(connection, "openid|https://id.example/x")
    assert found == {"objectType": "Person", "mbox": [SIAN["mbox"]], "name": ["Sian", "Siân Ŵyn"]}
    assert account == {"objectType": "Person", "account": [{"homePage": "https://lms.example", "name": "a|b"}]}
    assert stranger == {"objectType": "Person", "openid": ["https://id.example/x"]}


def test_a_key_that_may_not_define_changes_nothing_that_is_known(xapi_as, key, statement, rows):
    only = xapi_as(key("statements/write"))
    assert only.post(statement(actor=SIAN)).status_code == 200
    assert rows("SELECT (SELECT count(*) FROM activities) + (SELECT count(*) FROM actor_names)") == [(0,)]
    defining = xapi_as(key("statements/write", "define"))
    defining.post(statement(actor=SIAN))
    assert rows("SELECT (SELECT count(*) FROM activities) + (SELECT count(*) FROM actor_names)") == [(2,)]


def test_a_refused_batch_defines_nothing(xapi, statement, rows):
    kept = statement()
    xapi.post(kept)
    changed = kept | {"verb": {"id": "x:other"}}
    assert xapi.post([statement(object={"id": "x:a", "definition": DEFINED}), changed]).status_code == 409
    assert rows("SELECT count(*) FROM activities a JOIN iris i ON i.id = a.activity WHERE i.iri = 'x:a'") == [(0,)]


def test_forms_are_kept_out_of_what_is_stored(asked, keep, rows):
    keep(**copy.deepcopy(WHOLE))
    before = rows("SELECT payload FROM statements")
    asked("ids"), asked("canonical", "cy")
    assert rows("SELECT payload FROM statements") == before
    assert json.loads(before[0][0])["actor"] == SIAN
