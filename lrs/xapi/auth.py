"""Who is asking, by a key (Basic) or a launch token (Bearer), and what they may do."""

from typing import NamedTuple

from flask import current_app, g, request

from lrs.rules.errors import Forbidden, Unauthenticated
from lrs.storage import keys, launches
from lrs.storage.launches import Launch
from lrs.storage.senders import authority, sender_of
from lrs.storage.statements import Sender
from lrs.transaction import now, reader

RULE = "Communication 4.0"


class Permission(NamedTuple):
    """Something that a key may do, in words, and the scopes that let it; the narrowest first."""

    words: str
    scopes: tuple[str, ...]

    def held_by(self, scopes: frozenset[str]) -> bool:
        """Whether somebody with these scopes may do it."""
        return not scopes.isdisjoint(self.scopes)


class Scopes(NamedTuple):
    """What it takes to read documents, and to write them."""

    read: Permission
    write: Permission


WRITE = Permission("store statements", ("statements/write", "all"))
READ = Permission("read everybody's statements, activities and agents", ("statements/read", "all/read", "all"))
READ_STATEMENTS = Permission("read statements", ("statements/read/mine", *READ.scopes))
STATE = Scopes(
    Permission("read State", ("state", "all/read", "all")),
    Permission("write State", ("state", "all")),
)
PROFILE = Scopes(
    Permission("read profiles", ("profile", "all/read", "all")),
    Permission("write profiles", ("profile", "all")),
)


class Caller(NamedTuple):
    """Whoever sent the request: what they may do, and who answers for it; ``launch`` is set for a token."""

    scopes: frozenset[str]
    sender: Sender
    launch: Launch | None = None


def caller() -> Caller:
    """Whoever sent this request. Raises Unauthenticated, or Forbidden for a token used from another origin."""
    try:
        given = request.authorization
    except ValueError:  # the credentials are bytes beyond ASCII, which werkzeug does not foresee
        given = None
    if given is None:
        raise Unauthenticated("Send a key by Basic authentication, or a launch token as Bearer", None, RULE)
    if given.type == "basic":
        return _by_key(given.username or "", given.password or "")
    if given.type == "bearer":
        return _by_token(given.token or "")
    raise Unauthenticated("Only Basic and Bearer authentication are known here", None, RULE)


def _by_key(name: str, secret: str) -> Caller:
    recent: keys.Recent = current_app.extensions["keys"]
    key = recent.find(reader, name, secret)
    if key is None:
        raise Unauthenticated("This is not a key with its secret", None, RULE)
    g.key_label, g.key = key.label, key.key
    return Caller(key.scopes, sender_of(key, _home_page()))


def _by_token(token: str) -> Caller:
    launch = launches.find(reader(), token)
    if launch is None or launch.expires_at <= now():
        raise Unauthenticated("The launch token is unknown or has expired; launch again", None, RULE)
    g.key_label, g.key = f"launch of {launch.package}", f"launch:{launch.package}"
    if request.headers.get("Origin") != launch.home_page:
        raise Forbidden("The launch token belongs to another origin", None, RULE)
    answerable = authority(_home_page(), f"launch:{launch.package}", "Launched package")
    sender = Sender(answerable, launch.home_page, "asserted")
    return Caller(frozenset(("statements/write",)), sender, launch)


def _home_page() -> str:
    # Never the Host that the request names: whoever sends it would choose who answers for their statements.
    return str(current_app.config["KTB_PUBLIC_URL"])


def permitted(permission: Permission) -> Caller:
    """The caller, who may do this. Raises Unauthenticated or Forbidden."""
    found = caller()
    if not permission.held_by(found.scopes):
        needed = " or ".join(permission.scopes)
        raise Forbidden(f"This key or token may not {permission.words}; that takes the scope {needed}", None, RULE)
    return found


def writing_caller() -> Caller:
    """The caller, who may store statements. Raises Unauthenticated or Forbidden."""
    return permitted(WRITE)


def reading_caller() -> Caller:
    """The caller, who may read statements, if only their own. Raises Unauthenticated or Forbidden."""
    return permitted(READ_STATEMENTS)
