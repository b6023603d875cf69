"""Checks that every part of a statement shares: types, required and unknown properties, language maps, extensions."""

from collections.abc import Iterable
from typing import Any

from lrs.rules.errors import InvalidStatement
from lrs.rules.formats import is_iri, is_language


def invalid(what: str, where: str, rule: str) -> InvalidStatement:
    """The refusal for the property at this JSON pointer: ``what`` goes on after its name ("must be a UUID")."""
    name = where.rpartition("/")[2]
    return InvalidStatement(f"{name or 'the statement'} {what}", where, rule)


def token(name: str) -> str:
    """A property's name as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def the_object(value: Any, where: str, rule: str) -> dict[str, Any]:
    """The value, which must be an object."""
    if not isinstance(value, dict):
        raise invalid("must be an object", where, rule)
    return value


def the_string(value: Any, where: str, rule: str) -> str:
    """The value, which must be a string."""
    if not isinstance(value, str):
        raise invalid("must be a string", where, rule)
    return value


def the_boolean(value: Any, where: str, rule: str) -> None:
    """Refuse the value unless it is true or false."""
    if not isinstance(value, bool):
        raise invalid("must be true or false", where, rule)


def the_number(value: Any, where: str, rule: str) -> None:
    """Refuse the value unless it is a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid("must be a number", where, rule)


def the_iri(value: Any, where: str, rule: str) -> str:
    """The value, which must be an absolute IRI."""
    if not (isinstance(value, str) and is_iri(value)):
        raise invalid("must be an absolute IRI of at most 2,000 bytes", where, rule)
    return value


def members(value: Any, names: frozenset[str], where: str, rule: str) -> dict[str, Any]:
    """The value, which must be an object with no property that the specification does not name here."""
    if not isinstance(value, dict):
        raise invalid("must be an object", where, rule)
    if not value.keys() <= names:
        stranger = sorted(value.keys() - names)[0]
        raise invalid("is not a property of the specification here", f"{where}/{token(stranger)}", rule)
    return value


def require(value: dict[str, Any], names: Iterable[str], where: str, rule: str) -> None:
    """Refuse the object where it lacks one of these properties."""
    for name in names:
        if name not in value:
            raise invalid("is required", f"{where}/{name}", rule)


def the_language_map(value: Any, where: str, rule: str) -> None:
    """Refuse the value unless it is an object from language tags to strings (Data 4.2)."""
    the_object(value, where, rule)
    for tag, words in value.items():
        if not is_language(tag):
            raise invalid("is not a language tag of RFC 5646", f"{where}/{token(tag)}", "Data 4.2")
        if not isinstance(words, str):
            raise invalid("must be a string", f"{where}/{token(tag)}", "Data 4.2")


def the_extensions(value: Any, where: str) -> None:
    """Refuse the value unless it is an object whose keys are IRIs; what they hold is the sender's own (Data 4.1)."""
    the_object(value, where, "Data 4.1")
    for name in value:
        if not is_iri(name):
            raise invalid("must be an absolute IRI", f"{where}/{token(name)}", "Data 4.1")
