"""The statements resource: storing one or many, and finding them again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from wsgiref.handlers import format_date_time

from flask import Response, current_app, g

from lrs.rules.actors import identifier
from lrs.rules.attachments import check_all_there
from lrs.rules.errors import Malformed, NotFound, TooMany, Unauthenticated
from lrs.rules.evidence import outline
from lrs.rules.launch import bound
from lrs.rules.signatures import check_signatures
from lrs.rules.statements import checked
from lrs.rules.strict_json import written
from lrs.storage import launches, queries
from lrs.storage.database import Connection
from lrs.storage.group_commit import GroupCommit
from lrs.storage.launches import Launch
from lrs.storage.queries import Page
from lrs.storage.statements import Submission
from lrs.transaction import connection, done_reading, reader
from lrs.xapi import answers, attachments, parameters
from lrs.xapi.auth import READ, Caller, reading_caller, writing_caller


def post() -> Response:
    """Store one statement or an array of them, all or none; their ids, in order (Communication 2.1.2)."""
    sender = writing_caller()
    parameters.only(())
    body = _body(sender)
    return _json(written(_keep(checked(body.value, g.version), body.contents, sender)))


def put() -> Response:
    """Store one statement under the id of the query (Communication 2.1.1)."""
    sender = writing_caller()
    parameters.only(("statementId",))
    number = parameters.uuid("statementId")
    if number is None:
        raise Malformed("The parameter statementId is required", None, "Communication 2.1.1")
    statement, contents = _body(sender)
    if not isinstance(statement, dict):
        raise Malformed("The body must be one statement", "", "Communication 2.1.1")
    if str(statement.setdefault("id", number)).lower() != number:
        raise Malformed("id is not the statementId of the query", "/id", "Communication 2.1.1")
    _keep(checked(statement, g.version), contents, sender)
    return Response(status=204)


def _body(sender: Caller) -> attachments.Body:
    return attachments.read(current_app.config["KTB_MAX_LAUNCH_BODY" if sender.launch else "KTB_MAX_BODY"])


def _keep(statements: list[dict[str, Any]], contents: dict[str, memoryview], sender: Caller) -> list[str]:
    check_all_there(statements, contents)
    for index, statement in enumerate(statements):
        if "attachments" in statement:
            check_signatures(statement, contents, index if len(statements) > 1 else None)
        statement.setdefault("version", g.version.default)
    first = None
    if sender.launch is not None:
        statements, first = _bound(statements, sender.launch), _use(sender.launch)
    done_reading()  # the lock is taken here, after everything that can be refused without it
    joined: GroupCommit = current_app.extensions["group_commit"]
    return joined.store(Submission(statements, sender.sender, contents), first)


def _bound(statements: list[dict[str, Any]], launch: Launch) -> list[dict[str, Any]]:
    return bound(
        statements,
        actor={"objectType": "Agent", "account": {"homePage": launch.home_page, "name": launch.name}},
        registration=launch.registration,
        verbs=outline(launch.outline).verbs,
        activities=launches.course_iris(reader(), launch.course),
    )


def _use(launch: Launch) -> Callable[[Connection, datetime], None]:
    """What counts a request by a launch, in the transaction of its statements; it raises what it is refused for."""
    lifetime = timedelta(minutes=current_app.config["KTB_LAUNCH_MINUTES"])
    most = current_app.config["KTB_LAUNCH_REQUESTS_PER_MINUTE"]

    def used(connection: Connection, now: datetime) -> None:
        uses = launches.use(connection, launch, now, lifetime)
        if uses is None:
            raise Unauthenticated("The launch token was removed; launch again", None, "Launch")
        if uses > most:
            raise TooMany("This launch has sent too many requests in this minute", None, "Launch")

    return used


def get() -> Response:
    """One statement by its id, or a page of those that pass the filters (Communication 2.1.3)."""
    asking = reading_caller()
    mine = None if READ.held_by(asking.scopes) else identifier(asking.sender.authority)
    return _one(mine) if parameters.by_id() else _page(mine)


def _one(mine: str | None) -> Response:
    asked, shape = parameters.statement_asked_for(), parameters.shape()
    kept = queries.one(connection(), asked.number, voided=asked.voided, authority=mine)
    if kept is None:
        raise NotFound("There is no such statement", None, "Communication 2.1.3")
    found, stored = kept
    text = answers.texts(connection(), [found.payload], shape.form)[0]
    response = attachments.answer(connection(), text, Page([found], False)) if shape.attachments else _json(text)
    response.headers["Last-Modified"] = format_date_time(stored.timestamp())
    return response


def _page(mine: str | None) -> Response:
    filters, size = parameters.filters(), parameters.limit(current_app.config["KTB_PAGE_SIZE"])
    shape = parameters.shape()
    page = queries.page(connection(), filters._replace(authority=mine), size)
    if shape.attachments:
        page = attachments.fitting(connection(), page)
    more = parameters.next_page(page.found[-1].seq) if page.more else ""
    texts = answers.texts(connection(), [one.payload for one in page.found], shape.form)
    text = b"".join((b'{"statements":[', b",".join(texts), b'],"more":', written(more), b"}"))
    return attachments.answer(connection(), text, page) if shape.attachments else _json(text)


def _json(data: bytes) -> Response:
    return Response(data, mimetype="application/json")
