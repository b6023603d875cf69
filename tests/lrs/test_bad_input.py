"""What is broken, hostile or too much: refused with a reason, in bounded memory, with nothing stored or logged."""

import gzip
import json
import os
import zlib
from pathlib import Path

import pytest

from tests.lrs.wire import STATEMENTS, head, raw

SECRET = "sian-wyn-1234"  # stands in what is sent; may stand in no log
STATE = "/xapi/activities/state?activityId=x:y&agent={%22mbox%22:%22mailto:a@b.example%22}&stateId=s"
MEGABYTE = 1_000_000


def deep(depth, opening, closing):
    return (opening * depth + closing * depth).encode()


def in_statement(text):
    """A statement with this text as the value of an extension."""
    whole = {
        "actor": {"mbox": "mailto:a@b.example", "name": SECRET},
        "verb": {"id": "x:y"},
        "object": {"id": "x:y"},
        "result": {"extensions": {"x:y": "VALUE"}},
    }
    return json.dumps(whole).encode().replace(b'"VALUE"', text)


BODIES = {
    "an array in an array, 100,000 deep": deep(100_000, "[", "]"),
    "an object in an object, 100,000 deep": deep(100_000, '{"a":', "}").replace(b":}", b":1}", 1),
    "as deep in an extension": in_statement(deep(100_000, "[", "]")),
    "an array never closed": b"[" * MEGABYTE,
    "NaN": in_statement(b"NaN"),
    "Infinity": in_statement(b"-Infinity"),
    "a number beyond a float": in_statement(b"1e999"),
    "a number of a million digits": in_statement(b"1" * MEGABYTE),
    "a key twice": in_statement(b'{"a":1,"a":2}'),
    "a key twice, once escaped": in_statement(b'{"a":1,"\\u0061":2}'),
    "a lone high surrogate": in_statement(b'"\\ud800"'),
    "a lone low surrogate": in_statement(b'"\\udc00x"'),
    "invalid UTF-8": in_statement(b'"\xff\xfe"'),
    "Latin-1": in_statement('"â"'.encode("latin-1")),
    "an overlong UTF-8": in_statement(b'"\xc0\xaf"'),
    "a surrogate in UTF-8": in_statement(b'"\xed\xa0\x80"'),
    "a byte order mark": b"\xef\xbb\xbf" + in_statement(b"1"),
    "UTF-16": in_statement(b"1").decode().encode("utf-16"),
    "a comment": in_statement(b"/* */ 1"),
    "single quotes": in_statement(b"'a'"),
    "a comma too many": in_statement(b"[1,]"),
    "something after the end": in_statement(b"1") + b"{}",
    "a raw control character": in_statement(b'"\x01"'),
    "a word": b"null",
    "nothing": b"",
    "blanks": b" \n ",
}


@pytest.fixture
def untouched(rows):
    """Fails where the test has stored anything."""
    tables = ("statements", "documents", "iris", "actors", "evidence", "activities")
    yield
    assert {table: rows(f"SELECT count(*) FROM {table}") for table in tables} == {table: [(0,)] for table in tables}


def test_json_that_is_none_is_refused_everywhere(client, xapi, untouched, capfd):
    """A body that is no statement is refused by both ways of storing one; what is no JSON, as a document too."""
    for words, body in BODIES.items():
        answers = [xapi.post(body), xapi.put("4d1f1e0a-5e1c-4a36-9a3b-0c6f4d8f9a11", body)]
        if words != "a word":
            answers += [
                client.open(STATE, method=method, data=body, content_type="application/json", headers=xapi.headers)
                for method in ("PUT", "POST")
            ]
        for answer in answers:
            assert answer.status_code == 400, words
            assert answer.json["error"]["what"], words
            assert len(answer.data) < 1000, words
    logged = capfd.readouterr()
    assert SECRET not in logged.out + logged.err
    assert "fault" not in logged.err


def test_compressed_bodies_are_not_unpacked(client, xapi, untouched):
    body = in_statement(b"1")
    bomb = gzip.compress(b" " * (20 * MEGABYTE))
    packed = {"gzip": gzip.compress(body), "deflate": zlib.compress(body), "br": body, "gzip, gzip": bomb, "x": bomb}
    for encoding, data in packed.items():
        for path in (STATEMENTS, STATE):
            headers = xapi.headers | {"Content-Encoding": encoding}
            answer = client.post(path, data=data, content_type="application/json", headers=headers)
            assert answer.status_code == 400
            assert "compressed" in answer.json["error"]["what"]


INJECTIONS = [
    "' OR 1=1 --", '"; DROP TABLE statements; --', "x:y' UNION SELECT secret_hash FROM keys --", "%' OR '1'='1",
    "\\'; --", "x\r\nSet-Cookie: a=b", "x\nX-Evil: 1", "\x00", "${7*7}{{7*7}}", "../../etc/passwd",
    "\ud800".encode("utf-8", "surrogatepass"),
]  # fmt: skip
PARAMETERS = {
    STATEMENTS: ("statementId", "agent", "verb", "activity", "registration", "since", "limit", "format", "from", "x"),
    "/xapi/activities": ("activityId", "x"),
    "/xapi/agents": ("agent", "x"),
    "/xapi/activities/state": ("activityId", "agent", "registration", "stateId", "since", "x"),
    "/xapi/activities/profile": ("activityId", "profileId", "since", "x"),
    "/xapi/agents/profile": ("agent", "profileId", "since", "x"),
}
GOOD = {"activityId": "x:y", "agent": '{"mbox":"mailto:a@b.example"}'}


def test_injections_into_parameters_are_text_or_refused(client, xapi, untouched):
    from urllib.parse import quote

    for path, names in PARAMETERS.items():
        for name in names:
            for value in INJECTIONS:
                query = {key: text for key, text in GOOD.items() if key in names and key != name}
                address = path + "?" + "&".join(f"{key}={quote(text)}" for key, text in (query | {name: value}).items())
                answer = client.get(address, headers=xapi.headers)
                assert answer.status_code in (400, 404), address
                assert "Set-Cookie" not in answer.headers
                assert "X-Evil" not in answer.headers


def test_an_injection_that_is_a_good_text_is_kept_as_one(client, xapi, statement, rows):
    for value in (text for text in INJECTIONS if isinstance(text, str) and "\x00" not in text):
        sent = statement(actor={"account": {"homePage": "x:y", "name": value}}, result={"response": value})
        number = xapi.post(sent).json[0]
        assert xapi.get(statementId=number).json["result"] == {"response": value}
        assert xapi.ids(agent=json.dumps(sent["actor"])) == [number]
    assert rows("SELECT count(*) FROM keys") == [(1,)]


def test_headers_are_read_strictly(client, xapi, untouched):
    for name, value in (
        ("X-Experience-API-Version", "1.0.3; DROP TABLE"),
        ("X-Experience-API-Version", "9.9"),
        ("X-Experience-API-Version", "1.0.3" + "0" * 5000),
        ("Authorization", "Basic " + "A" * 5000),
        ("Authorization", "Bearer \x80\xff"),
        ("Content-Type", "application/json\x00"),
        ("Content-Type", "text/html"),
        ("Content-Type", "multipart/mixed"),
        ("Content-Type", "multipart/mixed; boundary="),
        ("If-Match", '"' * 5000),
    ):
        headers = xapi.headers | {"Content-Type": "application/json", name: value}
        path = STATE if name == "If-Match" else STATEMENTS
        answer = client.put(path, data=b"{}", headers=headers)
        assert answer.status_code in (400, 401, 412), (name, value[:20])
        assert answer.json["error"]["what"]


def multipart(*parts, end=b"\r\n--b--\r\n"):
    return b"".join(b"\r\n--b\r\n" + part for part in parts) + end


def test_multipart_bodies_that_are_broken_are_refused(client, xapi, untouched):
    good = b"Content-Type: application/json\r\n\r\n" + in_statement(b"1")
    part = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: %s\r\n\r\nx"
    for body in (
        b"",
        b"no boundary at all",
        multipart(),
        multipart(good, end=b""),  # without end
        multipart(good, part % b"0" * 64),
        multipart(b"Content-Type: text/plain\r\n\r\n{}"),
        multipart(part % (b"0" * 64), good),
        multipart(good, b"no headers"),
        multipart(*[good] * 3),
        multipart(*[b"\r\n"] * 10_000),
    ):
        answer = client.post(STATEMENTS, data=body, content_type="multipart/mixed; boundary=b", headers=xapi.headers)
        assert answer.status_code == 400, body[:80]
        assert answer.json["error"]["what"]


def resident(server):
    """Bytes of memory that each process of a server has held at most, by its id."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(place.name)) != server.process.pid:
                continue
            status = (place / "status").read_text()
        except OSError:
            continue
        found[int(place.name)] = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return found


def test_bad_http_gets_a_reason_and_no_more_memory(server, key, untouched):
    """Over the wire: what the application never sees is answered in its form too, and the server goes on."""
    server.start()
    headers = key("all")
    good = in_statement(b"1")
    chunked = "Transfer-Encoding: chunked"
    size = f"Content-Length: {len(good)}"
    twenty = 20 * MEGABYTE
    cases = {
        "20 MB that say so": ([head(headers, f"Content-Length: {twenty}"), b" " * twenty], 413),
        "20 MB in chunks": (
            [head(headers, chunked), *[b"f4240\r\n" + b" " * MEGABYTE + b"\r\n"] * 20, b"0\r\n\r\n"],
            413,
        ),
        "chunks that stop": (head(headers, chunked) + b"100\r\nabc", 400),
        "chunks that are none": (head(headers, chunked) + b"hello\r\nabc\r\n", 400),
        "a chunk of a negative size": (head(headers, chunked) + b"-1\r\nabc\r\n", 400),
        "a chunk of a huge size": (head(headers, chunked) + b"ffffffffffffffffff\r\nabc", 400),
        "longer than it is": (head(headers, "Content-Length: 5000") + good, 400),
        "shorter than it is": (head(headers, "Content-Length: 5") + good, 400),
        "a length that is no number": (head(headers, "Content-Length: five") + good, 400),
        "a negative length": (head(headers, "Content-Length: -5") + good, 400),
        "two lengths": (head(headers, size, "Content-Length: 3") + good, 400),
        "a length and chunks": (head(headers, size, chunked) + b"0\r\n\r\n", 400),
        "no length": (head(headers), 400),
        "an unknown transfer encoding": (head(headers, "Transfer-Encoding: zip") + good, 400),
        "a long address": (head(headers, path=f"{STATEMENTS}?verb=x:{SECRET * 1000}", method="GET"), 414),
        "a long header": (head(headers | {"X": SECRET * 1000}, method="GET"), 431),
        "many headers": (head(headers, *["X: 1"] * 500, method="GET"), 431),
        "a header with a line break": (head(headers, "X: 1\r\n folded"), 400),
        "a header without a name": (head(headers, ": 1"), 400),
        "a null in a header": (head(headers, "X: \x00"), 400),
        "no HTTP": (f"{SECRET}\r\n\r\n".encode(), 400),
        "another HTTP": (f"GET /{SECRET} HTTP/9.9\r\n\r\n".encode(), 400),
        "bytes": (bytes(range(256)), 400),
        "a method of a kilobyte": (head(headers, method="A" * 1000), 400),
    }
    for words, (request, status) in cases.items():
        answer = raw(server, request)
        assert answer is not None, words
        assert answer[0] == status, (words, answer)
        assert "content-type: application/json" in answer[1], words
        error = json.loads(answer[2].partition(b"\n")[0])["error"]
        assert error["what"], words
        assert SECRET not in answer[2].decode(), words
    assert raw(server, head(headers, method="GET", path="/xapi/about"))[0] == 200
    peaks = resident(server)
    assert len(peaks) > 1 and max(peaks.values()) < 150 * MEGABYTE, peaks
