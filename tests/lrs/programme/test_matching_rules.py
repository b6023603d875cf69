"""Whose an account may be: what is a reason for suggesting somebody, what is none, and that it stays bounded."""

import hashlib

import pytest

from lrs.rules.matching import MOST, Account, Somebody, alike, differ, likeliest, looks_shared, suggestions

LMS = "https://lms.council.example"
MARI = Somebody("mari", ("mari jones",), ("mari.jones@old.example",), (f"account|{LMS}|mj204",))


def account(ifi=f"account|{LMS}|x", email=None, names=(), aliases=()):
    return Account(7, ifi, email, tuple(names), frozenset(aliases))


def why(one, *everybody, refused=frozenset()):
    return {found.person: found.reasons for found in suggestions([one], everybody or [MARI], refused)[7]}


@pytest.mark.parametrize(
    ("one", "reasons"),
    [
        (account(names=["mari jones"]), ("name",)),
        (account(names=["jones mari"]), ("name",)),
        (account(email="mari.jones@new.example"), ("local", "spelt")),
        (account(email="jones_mari@new.example"), ("spelt",)),
        (account(ifi="account|https://other.example|mj204"), ("id",)),
        (account(ifi="mbox_sha1sum|" + hashlib.sha1(b"mailto:mari.jones@old.example").hexdigest().upper()), ("coded",)),
        (account(aliases=["mari"]), ("alias",)),
        (account(email="mari.jones@new.example", names=["mari jones"]), ("local", "name")),
    ],
)
def test_e02_what_an_account_and_a_person_have_in_common_is_the_reason(one, reasons):
    assert why(one) == {"mari": reasons}


@pytest.mark.parametrize(
    "one",
    [
        account(names=["mari"]),  # half of Wales
        account(names=["mari evans"]),
        account(ifi="openid|https://mari.example/"),
        account(email="mari@new.example"),
    ],
)
def test_e04_too_little_in_common_suggests_nobody(one):
    assert why(one) == {}


def test_e04_two_councils_1234_are_two_people():
    other = Somebody("other", ("x y",), (), (f"account|{LMS}|1234567",))
    assert why(account(ifi="account|https://other.example|1234567"), other) == {}


def test_a_shared_mailbox_suggests_nobody_by_its_address():
    team = Somebody("team", ("sam sample",), ("team@old.example",), ())
    assert why(account(email="team@new.example"), team) == {}


def test_whoever_was_refused_is_not_suggested_again():
    assert why(account(names=["mari jones"]), refused={(7, "mari")}) == {}
    assert why(account(names=["mari jones"]), refused={(8, "mari")}) == {"mari": ("name",)}


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("team@x.example", True),
        ("schools.training@x.example", True),
        ("hyfforddiant2@x.example", True),
        ("education@x.example", True),
        ("mari.jones@x.example", False),
        ("mari.post@x.example", False),
        ("tim.jones@x.example", False),
        ("tim.addysg@x.example", True),
        ("@x.example", False),
        ("1234@x.example", False),
    ],
)
def test_e04_a_mailbox_shows_by_its_name_that_it_is_shared(address, shared):
    assert looks_shared(address) == shared


@pytest.mark.parametrize(
    ("names", "two"),
    [
        (["mari jones", "jones mari"], False),
        (["mari jones", "mari e jones"], False),
        (["mari jones", "mari evans"], True),
        (["mari jones", "sam sample", "sam sample"], True),
        (["mari jones", ""], False),
        ([], False),
    ],
)
def test_e04_names_of_one_account_that_are_two_peoples(names, two):
    assert differ(names) == two


def test_the_likeliest_come_first_and_they_are_few():
    everybody = [Somebody(f"p{number}", ("mari jones",), (), ()) for number in range(200)]
    everybody.append(MARI)
    (found,) = suggestions(
        [account(email="mari.jones@new.example", names=["mari jones"])], iter(everybody), set()
    ).values()
    here = {one.person: "W1" for one in everybody} | {"p9": "W2"}
    best = likeliest(found, here, "W2", str)
    assert [one.person for one in best] == ["mari", "p9", "p0"]
    assert len(best) == MOST
    assert best[1].reasons == ("name", "council")
    assert likeliest(found, {"p9": "W2"}, "W2", str) == [best[1]]
    assert len(found) <= 101  # of a name that two hundred have fifty are looked at, by either reason


def test_a_thousand_accounts_look_at_everybody_once():
    looked = []

    def everybody():
        for number in range(50):
            looked.append(number)
            yield Somebody(str(number), (f"person number{number}",), (), ())

    accounts = [Account(actor, f"openid|{actor}", None, (f"number{actor % 60} person",)) for actor in range(1000)]
    found = suggestions(accounts, everybody(), set())
    assert len(looked) == 50
    assert [one.person for one in found[7]] == ["7"]
    assert found[55] == []


def test_e04_records_alike_are_grouped_with_why_and_only_where_one_is_on_the_roster():
    again = Somebody("again", ("jones mari",), ("mari.jones@new.example",), ())
    cousin = Somebody("cousin", ("mari jones",), (), ())
    team = [Somebody(one, (one,), ("team@old.example",), ()) for one in ("t1", "t2")]
    everybody = [MARI, again, cousin, *team]
    assert alike({"mari", "t1"}, everybody, set()) == {
        frozenset({"mari", "again", "cousin"}): ("name",),
        frozenset({"mari", "again"}): ("local",),
    }
    assert alike({"t2"}, everybody, set()) == {}


def test_e04_who_was_said_to_be_somebody_else_is_not_taken_for_the_same_again():
    """One pair of three leaves both alike to the third; whoever is another than all the others leaves the group."""
    everybody = [Somebody(one, ("mari jones",), (), ()) for one in "abc"]
    one_pair, both_pairs = {frozenset("ab")}, {frozenset("ab"), frozenset("ac")}
    assert alike({"a"}, everybody, one_pair) == {frozenset("abc"): ("name",)}
    assert alike({"b"}, everybody, both_pairs) == {frozenset("bc"): ("name",)}
    assert alike({"a"}, everybody, both_pairs) == {}
    assert alike({"a"}, everybody[:2], one_pair) == {}
