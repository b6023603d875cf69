"""The document resources, State, Activity Profile and Agent Profile: they differ in what a document is about."""

import hashlib
from functools import partial
from typing import Any, NamedTuple
from wsgiref.handlers import format_date_time

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import ETags
from werkzeug.http import parse_etags

from lrs.bodies import read_bytes
from lrs.rules.errors import DocumentConflict, InvalidParameter, Malformed, NotFound, PreconditionFailed, TooLarge
from lrs.rules.formats import is_media_type
from lrs.rules.instants import microseconds, moment
from lrs.rules.strict_json import parsed, written
from lrs.rules.versions import XAPI_1
from lrs.storage import documents
from lrs.storage.documents import Document, Place
from lrs.transaction import connection, now, reader
from lrs.xapi import parameters
from lrs.xapi.auth import PROFILE, STATE, Scopes, permitted

JSON = "application/json"
LONGEST_NAME = 500  # what an index holds beside the rest of the key
LONGEST_TYPE = 250
MOST_NAMES = 20_000  # in one answer: at their longest they are 10 million characters
# A document may be anything, a page with scripts included: opened as a page it gets to do nothing at all.
HARMLESS = "default-src 'none'; sandbox"
CONCURRENCY = "Communication 3.1"


class Resource(NamedTuple):
    """One of the three: what its documents are about, the parameter with their name, who may, and its section."""

    path: str
    about: tuple[str, ...]
    optional: tuple[str, ...]
    name: str
    scopes: Scopes
    rule: str


RESOURCES = (
    Resource("/activities/state", ("activityId", "agent"), ("registration",), "stateId", STATE, "Communication 2.3"),
    Resource("/activities/profile", ("activityId",), (), "profileId", PROFILE, "Communication 2.7"),
    Resource("/agents/profile", ("agent",), (), "profileId", PROFILE, "Communication 2.6"),
)


class Sent(NamedTuple):
    """A body and its Content-Type; ``value`` is what it holds where that is JSON."""

    content: bytes
    content_type: str
    value: Any = None


def get(resource: Resource) -> Response:
    """One document as it came, or the names of those there are."""
    permitted(resource.scopes.read)
    if resource.name not in request.args:
        return _names(resource)
    place, name = _one(resource)
    document = documents.find(reader(), place, name)
    if document is None:
        raise NotFound("There is no such document", None, resource.rule)
    return _shown(document)


def _names(resource: Resource) -> Response:
    parameters.only((*resource.about, *resource.optional, "since"))
    found = documents.names(reader(), _place(resource), parameters.instant("since"), MOST_NAMES + 1)
    if len(found) > MOST_NAMES:
        told = f"There are more than {MOST_NAMES:,} documents. Ask with since for those stored after a moment"
        raise InvalidParameter(told, "since", resource.rule)
    return Response(written(found), mimetype=JSON)


def _shown(document: Document) -> Response:
    if request.if_none_match.contains_weak(document.etag):
        return Response(status=304, headers={"ETag": f'"{document.etag}"'})
    response = Response(document.content, content_type=document.content_type)
    response.headers["ETag"] = f'"{document.etag}"'
    response.headers["Last-Modified"] = format_date_time(moment(document.stored).timestamp())
    response.headers["Content-Security-Policy"] = HARMLESS
    return response


def put(resource: Resource) -> Response:
    """Store a document in place of whatever has its name."""
    permitted(resource.scopes.write)
    place, name = _one(resource)
    sent = _sent()
    if not _blindly(resource):
        known = documents.etag(connection(), place, name)
        _check_conditions(known)
        _check_care(resource, known)
    return _keep(place, name, sent.content, sent.content_type)


def post(resource: Resource) -> Response:
    """Lay the properties of a JSON object over those of the document, or store what is not there yet."""
    permitted(resource.scopes.write)
    place, name = _one(resource)
    sent = _sent()
    known = documents.find(connection(), place, name)
    _check_conditions(known.etag if known else None)
    if known is None:
        return _keep(place, name, sent.content, sent.content_type)
    before = parsed(known.content) if _is_json(known.content_type) else None
    if not isinstance(before, dict) or not isinstance(sent.value, dict):
        raise Malformed("Only a JSON object can be merged, and only with a JSON object", None, "Communication 2.2")
    return _keep(place, name, written(before | sent.value), known.content_type)


def delete(resource: Resource) -> Response:
    """Remove one document or, of State, every one that there is about something; harmless where there is none."""
    permitted(resource.scopes.write)
    if resource.name not in request.args and resource.scopes is STATE:
        parameters.only((*resource.about, *resource.optional))
        documents.remove_all(connection(), _place(resource))
        return Response(status=204)
    place, name = _one(resource)
    if _conditional():
        _check_conditions(documents.etag(connection(), place, name))
    documents.remove(connection(), place, name)
    return Response(status=204)


def _one(resource: Resource) -> tuple[Place, str]:
    """What the request's one document is about, and its name."""
    parameters.only((*resource.about, *resource.optional, resource.name))
    place = _place(resource)
    name = parameters.required(resource.name, request.args.get(resource.name), resource.rule)
    if len(name) > LONGEST_NAME or "\x00" in name:
        raise InvalidParameter(f"{resource.name} must have 1 to 500 characters", resource.name, resource.rule)
    return place, name


def _place(resource: Resource) -> Place:
    values: dict[str, str | None] = {"activityId": None, "agent": None}
    for parameter in resource.about:
        read = parameters.agent if parameter == "agent" else parameters.iri
        values[parameter] = parameters.required(parameter, read(parameter), resource.rule)
    return Place(values["agent"], values["activityId"], parameters.uuid("registration"))


def _sent() -> Sent:
    content = read_bytes(current_app.config["KTB_MAX_BODY"])
    content_type = request.headers.get("Content-Type") or "application/octet-stream"
    if len(content_type) > LONGEST_TYPE or not is_media_type(content_type):
        raise Malformed("The Content-Type must be an Internet media type", None, "Communication 2.2")
    return Sent(content, content_type, parsed(content) if _is_json(content_type) else None)


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == JSON


def _conditional() -> bool:
    return "If-Match" in request.headers or "If-None-Match" in request.headers


def _blindly(resource: Resource) -> bool:
    """Whether what is there already is of no concern: of State, to whoever of 1.0.3 does not ask."""
    return g.version is XAPI_1 and resource.scopes is STATE and not _conditional()


def _check_conditions(etag: str | None) -> None:
    """Refuse where If-Match or If-None-Match does not hold for the document with this ETag, or for none.

    A tag that a proxy made weak, as it does when it compresses, still names the bytes that were answered.
    """
    match, none_match = _tags("If-Match"), _tags("If-None-Match")
    if match and (etag is None or not match.contains_weak(etag)):
        raise PreconditionFailed("The document is not the one that If-Match names", None, CONCURRENCY)
    if none_match and etag is not None and none_match.contains_weak(etag):
        raise PreconditionFailed("There is a document already that If-None-Match excludes", None, CONCURRENCY)


def _tags(header: str) -> ETags:
    sent = request.headers.get(header)
    tags = parse_etags(sent)
    if sent is not None and not tags:
        raise Malformed(f"{header} must hold ETags, or be *", None, CONCURRENCY)
    return tags


def _check_care(resource: Resource, etag: str | None) -> None:
    """Refuse to overwrite a document for somebody who does not say that they have seen it, or that there is none.

    1.0.3 wants one of the headers even where there is nothing yet.
    """
    if request.if_match or request.if_none_match:
        return
    if etag is not None:
        words = "There is a document already: read it, and send its ETag as If-Match to overwrite it"
        raise DocumentConflict(words, None, CONCURRENCY)
    if g.version is XAPI_1:
        raise Malformed("Send If-None-Match: * to store a document that is not there yet", None, CONCURRENCY)


def _keep(place: Place, name: str, content: bytes, content_type: str) -> Response:
    if len(content) > current_app.config["KTB_MAX_BODY"]:
        raise TooLarge("The merged document would be longer than the store takes")
    etag = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    documents.keep(connection(), place, name, Document(content, content_type, etag, microseconds(now())))
    return Response(status=204)


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    for resource in RESOURCES:
        for view in (get, put, post, delete):
            method = view.__name__
            name = f"{resource.path[1:].replace('/', '_')}_{method}"
            bp.add_url_rule(resource.path, name, partial(view, resource), methods=[method.upper()])
