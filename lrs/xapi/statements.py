"""The statements resource: storing one or many, and finding them again."""

from datetime import timedelta
from typing import Any
from wsgiref.handlers import format_date_time

from flask import Response, current_app

from lrs.bodies import read_json
from lrs.rules.actors import identifier
from lrs.rules.errors import Malformed, NotFound, TooMany
from lrs.rules.evidence import outline
from lrs.rules.formats import written_moment
from lrs.rules.launch import bound
from lrs.rules.statements import checked
from lrs.rules.strict_json import written
from lrs.storage import launches, queries
from lrs.storage.launches import Launch
from lrs.storage.statements import store
from lrs.transaction import connection, now, reader
from lrs.xapi import parameters
from lrs.xapi.auth import READ, Caller, reading_caller, writing_caller


def post() -> Response:
    """Store one statement or an array of them, all or none; their ids, in order (Communication 2.1.2)."""
    sender = writing_caller()
    parameters.only(())
    return _json(written(_keep(checked(_body(sender)), sender)))


def put() -> Response:
    """Store one statement under the id of the query (Communication 2.1.1)."""
    sender = writing_caller()
    parameters.only(("statementId",))
    number = parameters.uuid("statementId")
    if number is None:
        raise Malformed("The parameter statementId is required", None, "Communication 2.1.1")
    statement = _body(sender)
    if not isinstance(statement, dict):
        raise Malformed("The body must be one statement", "", "Communication 2.1.1")
    if str(statement.setdefault("id", number)).lower() != number:
        raise Malformed("id is not the statementId of the query", "/id", "Communication 2.1.1")
    _keep(checked(statement), sender)
    return Response(status=204)


def _body(sender: Caller) -> Any:
    return read_json(current_app.config["KTB_MAX_LAUNCH_BODY" if sender.launch else "KTB_MAX_BODY"])


def _keep(statements: list[dict[str, Any]], sender: Caller) -> list[str]:
    if sender.launch is not None:
        statements = _bound(statements, sender.launch)
    # The lock is taken here, after everything that can be refused without it; then the clock is read, so that the
    # order of `stored` is the order of the rows.
    writing = connection()
    return store(writing, statements, sender.sender, now())


def _bound(statements: list[dict[str, Any]], launch: Launch) -> list[dict[str, Any]]:
    kept = bound(
        statements,
        actor={"objectType": "Agent", "account": {"homePage": launch.home_page, "name": launch.name}},
        registration=launch.registration,
        verbs=outline(launch.outline).verbs,
        activities=launches.course_iris(reader(), launch.course),
    )
    lifetime = timedelta(minutes=current_app.config["KTB_LAUNCH_MINUTES"])
    if launches.use(connection(), launch, now(), lifetime) > current_app.config["KTB_LAUNCH_REQUESTS_PER_MINUTE"]:
        raise TooMany("This launch has sent too many requests in this minute", None, "Launch")
    return kept


def get() -> Response:
    """One statement by its id, or a page of those that pass the filters (Communication 2.1.3)."""
    through = now()
    asking = reading_caller()
    mine = None if asking.scopes & READ else identifier(asking.sender.authority)
    response = _one(mine) if parameters.by_id() else _page(mine)
    response.headers["X-Experience-API-Consistent-Through"] = written_moment(through)
    return response


def _one(mine: str | None) -> Response:
    asked = parameters.statement_asked_for()
    found = queries.one(connection(), asked.number, voided=asked.voided, authority=mine)
    if found is None:
        raise NotFound("There is no such statement", None, "Communication 2.1.3")
    response = _json(found[0].encode())
    response.headers["Last-Modified"] = format_date_time(found[1].timestamp())
    return response


def _page(mine: str | None) -> Response:
    filters, size = parameters.filters(), parameters.limit(current_app.config["KTB_PAGE_SIZE"])
    page = queries.page(connection(), filters._replace(authority=mine), size)
    more = "" if page.after is None else parameters.next_page(page.after)
    # The stored texts are joined as they are: reading and writing them again would cost four times as much.
    return _json(b"".join((b'{"statements":[', ",".join(page.payloads).encode(), b'],"more":', written(more), b"}")))


def _json(data: bytes) -> Response:
    return Response(data, mimetype="application/json")
