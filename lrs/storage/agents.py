"""What is known of each agent: the names that statements called it by."""

from typing import Any

from lrs.storage.database import Connection
from lrs.storage.rows import Row, insert, rows, rows_where_in

LONGEST_NAME = 500  # what an index can hold; a longer one is in its statement and nowhere else
MOST_NAMES = 100  # in one answer
KNOWN = "SELECT a.ifi, n.name FROM actors a JOIN actor_names n ON n.actor = a.id WHERE a.ifi IN"
OF_ONE = "SELECT n.name FROM actors a JOIN actor_names n ON n.actor = a.id WHERE a.ifi = ? ORDER BY n.name LIMIT ?"


def person(connection: Connection, ifi: str) -> dict[str, Any]:
    """The Person (Communication 2.4) that an actor's identifier names, with every name it was called by, in order.

    ``ifi`` is as lrs.rules.actors.identifier gives it. Somebody of whom no statement speaks is a Person without names.
    """
    kind, _, value = ifi.partition("|")
    known: dict[str, Any] = {"objectType": "Person"}
    names = [row[0] for row in rows(connection, OF_ONE, ifi, MOST_NAMES)]
    if names:
        known["name"] = names
    if kind == "account":
        home_page, _, name = value.partition("|")
        known["account"] = [{"homePage": home_page, "name": name}]
    else:
        known[kind] = [value]
    return known


def name(connection: Connection, said: set[tuple[str, str]], numbers: dict[str, int]) -> None:
    """Add what actors were called, as pairs of identifier and name; ``numbers`` has the number of each actor.

    What is known already is not written again, and rows are written in one order everywhere.
    """
    said = {(ifi, word) for ifi, word in said if word and len(word) <= LONGEST_NAME and "\x00" not in word}
    if said:
        known = {(row[0], row[1]) for row in rows_where_in(connection, KNOWN, list({ifi for ifi, _ in said}))}
        new: list[Row] = sorted((numbers[ifi], word) for ifi, word in said - known)
        insert(connection, "actor_names", ("actor", "name"), new, " ON CONFLICT DO NOTHING")
