"""Voiding: what is voided is hidden, can be asked for as such, and counts as evidence no more."""

import uuid

import pytest

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@pytest.fixture
def voiding(statement):
    """``voiding(id)`` -> a statement that voids the one with this id."""
    return lambda number, **changes: statement(
        verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": number}, **changes
    )


def test_a_voided_statement_is_hidden_and_found_as_voided(xapi, statement, voiding):
    target, other = xapi.post([statement(), statement()]).json
    void = xapi.post(voiding(target.upper())).json[0]
    assert xapi.get(statementId=target).status_code == 404
    assert xapi.get(voidedStatementId=target).json["id"] == target
    assert xapi.get(voidedStatementId=other).status_code == 404
    assert xapi.ids() == [void, other]


def test_an_unknown_target_is_accepted_and_voided_when_it_arrives(xapi, statement, voiding):
    target = statement()
    assert xapi.post(voiding(target["id"])).status_code == 200
    xapi.post(target)
    assert xapi.get(statementId=target["id"]).status_code == 404
    assert xapi.get(voidedStatementId=target["id"]).status_code == 200


@pytest.mark.parametrize("order", [1, -1])
def test_a_batch_may_hold_both(xapi, statement, voiding, order):
    target = statement()
    xapi.post([target, voiding(target["id"])][::order])
    assert xapi.get(voidedStatementId=target["id"]).status_code == 200


@pytest.mark.parametrize("first", ["target", "void"])
def test_a_voiding_statement_is_never_voided(xapi, voiding, first):
    inner = voiding(str(uuid.uuid4()))
    outer = voiding(inner["id"])
    for one in (inner, outer) if first == "target" else (outer, inner):
        assert xapi.post(one).status_code == 200
    assert xapi.get(statementId=inner["id"]).status_code == 200
    assert xapi.get(voidedStatementId=inner["id"]).status_code == 404


def test_only_the_object_of_a_voiding_statement_is_voided(xapi, statement, voiding):
    """A reference in its context, a reference by another verb, and one in a SubStatement void nothing."""
    first, second, third = (statement() for _ in range(3))
    reference = {"objectType": "StatementRef", "id": first["id"]}
    sub = {"objectType": "SubStatement", "actor": first["actor"], "verb": {"id": VOIDED},
           "object": {"objectType": "StatementRef", "id": third["id"]}}  # fmt: skip
    xapi.post([
        voiding(str(uuid.uuid4()), context={"statement": reference}),
        statement(object={"objectType": "StatementRef", "id": second["id"]}),
        statement(object=sub),
    ])  # fmt: skip
    xapi.post([first, second, third])
    for one in (first, second, third):
        assert xapi.get(statementId=one["id"]).status_code == 200


def test_voiding_marks_the_evidence_whichever_came_first(xapi, course, statement, voiding, rows):
    early, late = statement(), statement()
    xapi.post([early, voiding(early["id"]), voiding(late["id"])])
    xapi.post(late)
    kept = statement()
    xapi.post(kept)
    marked = dict(rows("SELECT statement, voided_at IS NOT NULL FROM evidence"))
    assert marked == {early["id"]: 1, late["id"]: 1, kept["id"]: 0}
