"""The alternate request syntax of 1.0.3: any request sent as a POST of a form (Communication 1.3)."""

from io import BytesIO
from urllib.parse import parse_qsl, urlencode

from flask import Response, current_app, request

from lrs.bodies import read_bytes
from lrs.rules.errors import Malformed, NotOffered
from lrs.rules.versions import spoken

RULE = "Communication 1.3"
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
WITH_CONTENT = ("PUT", "POST")
HEADERS = ("Authorization", "X-Experience-API-Version", "Content-Type", "Content-Length", "If-Match", "If-None-Match")
MOST_FIELDS = 50


def answer() -> Response | None:
    """The answer to the request that a form stands for; None where the request speaks for itself.

    Fields that are named like a header of HEADERS become headers, ``content`` becomes the body, and all others become
    the query. Raises Malformed for a form that says less or more, and in versions that have no such syntax.
    """
    if request.method != "POST" or "method" not in request.args:
        return None
    form = _form()
    headers = {name: form.pop(name) for name in HEADERS if name in form}
    if not spoken(headers.get("X-Experience-API-Version", request.headers.get("X-Experience-API-Version"))).alternate:
        raise Malformed("There is no alternate request syntax in this version of xAPI", None, RULE)
    if list(request.args.keys()) != ["method"] or "method" in form:
        raise Malformed("Beside method, everything must be in the form", None, RULE)
    method = request.args["method"]
    if method not in METHODS:
        raise NotOffered("method must be " + ", ".join(METHODS), None, RULE)
    content = form.pop("content", None)
    if (content is not None) != (method in WITH_CONTENT):
        raise Malformed("content must be there for PUT and POST, and for nothing else", None, RULE)
    return _asked(method, headers, form, (content or "").encode())


def _form() -> dict[str, str]:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise Malformed("The Content-Type must be application/x-www-form-urlencoded", None, RULE)
    try:
        text = read_bytes(current_app.config["KTB_MAX_BODY"]).decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise Malformed(f"The body must be a form of at most {MOST_FIELDS} fields, in UTF-8", None, RULE) from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise Malformed("A field of the form is there twice", None, RULE)
    return form


def _asked(method: str, headers: dict[str, str], query: dict[str, str], content: bytes) -> Response:
    """What the application answers to the request meant, which is a request of its own to everything that follows."""
    environ = {name: value for name, value in request.environ.items() if not name.startswith(("werkzeug.", "flask."))}
    for name, value in headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    environ |= {
        "REQUEST_METHOD": method,
        "QUERY_STRING": urlencode(query),
        "CONTENT_TYPE": headers.get("Content-Type", "application/json"),
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": BytesIO(content),
    }
    for name in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "wsgi.input_terminated"):
        environ.pop(name, None)
    with current_app.request_context(environ):
        response = current_app.full_dispatch_request()
    if method == "HEAD":
        response.set_data(b"")
    return response
