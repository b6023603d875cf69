"""Another record store, asked page by page with tincan's client: bounded in time and size, and only where it is."""

import contextlib
import http.client
import socket
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import tincan
from tincan.http_request import HTTPRequest
from tincan.lrs_response import LRSResponse

from lrs.rules.errors import Malformed
from lrs.rules.formats import moment
from lrs.rules.strict_json import parsed

VERSION = "1.0.3"
MOST_BYTES = 32_000_000  # of one answer
PATIENCE = 60.0  # seconds for one answer, from the first byte asked to the last one heard
NEAR = ("127.0.0.1", "localhost", "::1")
THROUGH = "X-Experience-API-Consistent-Through"


class Unheard(Exception):
    """The other store did not answer as one does; the message is for the operator and never holds the secret."""


class Heard(NamedTuple):
    """One page: its statements as they came, where the next one is (empty: nowhere), and what is sure to be whole.

    ``through`` is the moment up to which the other store says that it leaves nothing out, as it wrote it.
    """

    statements: list[Any]
    more: str
    through: str


def endpoint_of(url: str) -> str:
    """The address of a store's xAPI, with a slash at its end. Raises ValueError with a sentence."""
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("That is not an address.") from None
    if parts.username or parts.password:
        raise ValueError("Leave the key out of the address; it is asked for, or read from the environment.")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or not port_is_one:
        raise ValueError("The address of a record store is such as https://lrs.council.example/xapi/")
    if parts.scheme == "http" and parts.hostname not in NEAR:
        raise ValueError("Only https is used, but for a store on this machine: the key would be read on the way.")
    return url.rstrip("/") + "/"


class Remote(tincan.RemoteLRS):
    """tincan's client, whose own way of asking waits for ever and takes any number of bytes."""

    def _send_request(self, request: HTTPRequest) -> LRSResponse:
        parts = urlsplit(urljoin(self.endpoint, request.resource))
        query = "&".join(filter(None, (parts.query, urlencode(request.query_params))))
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(str(parts.hostname), parts.port, timeout=PATIENCE)
        watch: threading.Timer | None = None
        try:
            connection.connect()
            # The connection lets go of its socket before the answer is read, so the socket itself is watched.
            watch = threading.Timer(PATIENCE, _hang_up, [connection.sock])
            watch.start()
            headers = {"X-Experience-API-Version": self.version, "Authorization": self.auth, **request.headers}
            connection.request(request.method, parts.path + (f"?{query}" if query else ""), headers=headers)
            response = connection.getresponse()
            data = response.read(MOST_BYTES + 1)
            if watch.finished.is_set() or (response.length and len(data) <= MOST_BYTES):
                raise http.client.IncompleteRead(data)
        except (OSError, http.client.HTTPException) as error:
            raise Unheard(f"The store at {parts.netloc} cannot be heard: {type(error).__name__}.") from None
        finally:
            if watch:
                watch.cancel()
            connection.close()
        return LRSResponse(success=response.status == 200, request=request, response=response, data=data)


def _hang_up(heard: socket.socket) -> None:
    with contextlib.suppress(OSError):
        heard.shutdown(socket.SHUT_RDWR)


def page_of(remote: Remote, more: str, query: Mapping[str, Any]) -> Heard:
    """One page: the one that ``more`` leads to, or the first by ``query``. Raises Unheard.

    tincan would make objects of the statements and write them anew; what is stored is what the other store said.
    """
    resource = urljoin(remote.endpoint, more) if more else "statements"
    if more and urlsplit(resource)[:2] != urlsplit(remote.endpoint)[:2]:
        raise Unheard("The store names another machine to go on at; the key is not sent there.")
    request = HTTPRequest(method="GET", resource=resource, query_params={} if more else dict(query))
    answer = remote._send_request(request)  # tincan's one way in that does not take the answer apart
    if not answer.success:
        raise Unheard(_refusal(answer.response.status))
    return _heard(answer.data, answer.response.getheader(THROUGH, ""))


def _refusal(status: int) -> str:
    if status in (401, 403):
        return f"The store refuses the key ({status}). It must be one that may read statements."
    if 300 <= status < 400:
        return f"The store answers that it is elsewhere ({status}). Give that address."
    return f"The store answers {status} and no statements."


def _heard(data: bytes, through: str) -> Heard:
    if len(data) > MOST_BYTES:
        raise Unheard("The answer of the store is longer than 32 MB. Ask for fewer statements at once.")
    try:
        answer = parsed(data)
    except (Malformed, UnicodeDecodeError):
        raise Unheard("The store answers, but not in JSON.") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("statements"), list):
        raise Unheard("The store answers, but not with statements.")
    more = answer.get("more", "")
    if not isinstance(more, str | None):
        raise Unheard("The store answers, but does not say whether there is more.")
    try:
        moment(through)
    except ValueError:
        through = ""
    return Heard(answer["statements"], more or "", through)
