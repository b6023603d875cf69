"""The longest names that are taken are stored, on a database whose indexes hold no long text."""

import json
import random

import pytest

LETTERS = random.Random(7)  # by chance, so that an index cannot press them together


def text(letters, count):
    return "".join(LETTERS.choice(letters) for _ in range(count))


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyz0123456789-._~", "âêîôûŵŷÀÈÌÒÙ", "𝒶𝒷𝒸𝒹ℯ𝒻ℊ𝒽𝒾𝒿"])
def test_an_iri_and_an_account_as_long_as_they_may_be(xapi, statement, letters):
    width = max(len(one.encode()) for one in letters)
    iri = "x:" + text(letters, 1998 // width)
    account = {"homePage": "x:" + text(letters, 1498 // width), "name": text(letters, 1000 // width)}
    ids = xapi.post(statement(actor={"account": account}, verb={"id": iri}, object={"id": iri})).json
    assert xapi.ids(verb=iri, activity=iri, agent=json.dumps({"account": account})) == ids


def test_an_address_that_grows_in_lower_case(xapi, statement):
    """Two bytes become three: nobody is matched by an address that an index cannot hold."""
    actor = {"mbox": f"mailto:{text('ȺȾ', 990)}@x"}
    ids = xapi.post(statement(actor=actor)).json
    assert xapi.ids(agent=json.dumps(actor)) == ids
