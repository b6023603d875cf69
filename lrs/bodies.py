"""Reading a request's body: not too long, not compressed, and where it is JSON, strict."""

from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from lrs.rules.errors import Malformed, TooLarge
from lrs.rules.strict_json import parsed


def read_json(longest: int) -> Any:
    """The body's value. Raises Malformed, or TooLarge beyond ``longest`` bytes, before more than that is read."""
    if request.mimetype != "application/json":
        raise Malformed("The Content-Type must be application/json", None, "Communication 1.5")
    data = read_bytes(longest)
    if not data:
        raise Malformed("The body is empty")
    return parsed(data)


def read_bytes(longest: int) -> bytes:
    """The body as it came. Raises Malformed, or TooLarge beyond ``longest`` bytes, before more than that is read."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Malformed("The body must not be compressed")
    too_large = TooLarge(f"The body must not be longer than {longest} bytes")
    request.max_content_length = longest + 1  # a body in chunks does not say how long it is, and is cut off there
    try:
        data = request.get_data()  # kept, for work that has to be done again
    except RequestEntityTooLarge:
        raise too_large from None
    except Exception:  # it ended early, or its chunks are none: servers have no common exception for that
        raise Malformed("The body ended before it was whole") from None
    if len(data) > longest:
        raise too_large
    if request.content_length not in (None, len(data)):  # gunicorn hands over what came before the sender went away
        raise Malformed("The body ended before it was whole")
    return data
