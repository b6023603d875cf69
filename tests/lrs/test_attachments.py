"""Attachments: multipart in and out, each hash checked, each content stored once, and every bound kept."""

import hashlib
import json

import pytest

from lrs.rules.errors import Malformed
from lrs.xapi import attachments, multipart

TEXT = b"first line\r\n--not the boundary\r\n\x00\xff\r\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
B = "boundary'()+_,-./:=?x"


def sha(content, algorithm="sha256"):
    return hashlib.new(algorithm, content).hexdigest()


def described(content, **changes):
    """An attachment of a statement, as it speaks of this content."""
    whole = {
        "usageType": "https://x.example/usage",
        "display": {"cy": "Nodyn", "en": "Note"},
        "contentType": "text/plain; charset=utf-8",
        "length": len(content),
        "sha2": sha(content),
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


def part(content, **headers):
    """One part of a body, with the headers of an attachment; None takes a header away."""
    names = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha(content),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in names.items() if value is not None)
    return lines.encode() + b"\r\n" + content


def first(value):
    return b"Content-Type: application/json\r\n\r\n" + json.dumps(value).encode()


def body(*parts, boundary=B, end=True):
    whole = b"".join(b"--" + boundary.encode() + b"\r\n" + one + b"\r\n" for one in parts)
    return whole + (b"--" + boundary.encode() + b"--\r\n" if end else b"")


@pytest.fixture
def send(xapi):
    """``send(body)`` -> the answer to a multipart body."""

    def sent(data, kind=f'multipart/mixed; boundary="{B}"', method="post", **query):
        headers = {**xapi.headers, "Content-Type": kind}
        return getattr(xapi.client, method)("/xapi/statements", data=data, headers=headers, query_string=query)

    return sent


def parts_of(answer):
    """The JSON and the attachments (headers and bytes) of a multipart answer, read by another reader than ours."""
    from email import policy
    from email.parser import BytesParser

    head = b"Content-Type: " + answer.headers["Content-Type"].encode() + b"\r\n\r\n"
    whole = BytesParser(policy=policy.HTTP).parsebytes(head + answer.data)
    start, *others = whole.iter_parts()
    assert start.get_content_type() == "application/json"
    return json.loads(start.get_payload(decode=True)), [(one, one.get_payload(decode=True)) for one in others]


def test_data_comes_back_as_it_came(xapi, send, statement):
    sent = statement(attachments=[described(TEXT), described(PICTURE, contentType="image/png")])
    assert send(body(first(sent), part(TEXT), part(PICTURE))).json == [sent["id"]]
    one = xapi.get(statementId=sent["id"], attachments="true")
    assert one.headers["Last-Modified"] == "Mon, 02 Nov 2026 09:00:00 GMT"
    value, kept = parts_of(one)
    assert value["attachments"] == sent["attachments"]
    assert [content for _, content in kept] == [TEXT, PICTURE]
    assert [headers["X-Experience-API-Hash"] for headers, _ in kept] == [sha(TEXT), sha(PICTURE)]
    kinds = [headers["Content-Type"].replace('"', "") for headers, _ in kept]
    assert kinds == ["text/plain; charset=utf-8", "image/png"]
    assert {headers["Content-Transfer-Encoding"] for headers, _ in kept} == {"binary"}
    value, kept = parts_of(xapi.get(attachments="true"))
    assert [one["id"] for one in value["statements"]] == [sent["id"]]
    assert [content for _, content in kept] == [TEXT, PICTURE]
    assert xapi.get().json["statements"][0]["attachments"] == sent["attachments"]


def test_put_takes_them_too(xapi, send, statement):
    sent = statement(attachments=[described(TEXT)])
    assert send(body(first(sent), part(TEXT)), method="put", statementId=sent["id"]).status_code == 204
    assert parts_of(xapi.get(statementId=sent["id"], attachments="true"))[1][0][1] == TEXT


def test_the_same_data_is_stored_once_and_answered_once(xapi, send, statement, rows):
    batch = [statement(attachments=[described(TEXT)]) for _ in range(3)]
    assert send(body(first(batch), part(TEXT), part(TEXT))).status_code == 200
    assert send(body(first(statement(attachments=[described(TEXT)])), part(TEXT))).status_code == 200
    assert rows("SELECT count(*), sum(length(content)) FROM attachments") == [(1, len(TEXT))]
    assert rows("SELECT count(*) FROM statement_attachments") == [(4,)]
    value, kept = parts_of(xapi.get(attachments="true"))
    assert (len(value["statements"]), len(kept)) == (4, 1)


def test_a_statement_sent_again_with_its_data_is_no_conflict(send, statement, rows):
    data = body(first(statement(attachments=[described(TEXT)])), part(TEXT))
    assert [send(data).status_code for _ in range(2)] == [200, 200]
    assert rows("SELECT count(*) FROM statement_attachments") == [(1,)]


@pytest.mark.parametrize("algorithm", ["sha224", "sha256", "sha384", "sha512"])
def test_every_sha_2_is_known_in_either_letter_case(send, statement, algorithm):
    upper = described(TEXT, sha2=sha(TEXT, algorithm).upper())
    given = part(TEXT, **{"X-Experience-API-Hash": sha(TEXT, algorithm)})
    assert send(body(first(statement(attachments=[upper])), given)).status_code == 200


def test_a_file_url_needs_no_data_but_may_have_it(xapi, send, statement):
    elsewhere = statement(attachments=[described(TEXT, fileUrl="https://x.example/f")])
    assert xapi.post(elsewhere).status_code == 200
    assert parts_of(xapi.get(statementId=elsewhere["id"], attachments="true"))[1] == []
    both = statement(attachments=[described(PICTURE, fileUrl="https://x.example/f")])
    assert send(body(first(both), part(PICTURE))).status_code == 200
    assert len(parts_of(xapi.get(statementId=both["id"], attachments="true"))[1]) == 1


def test_data_that_another_statement_brought_is_not_given_to_one_that_brought_none(xapi, send, statement):
    send(body(first(statement(attachments=[described(TEXT)])), part(TEXT)))
    other = statement(attachments=[described(TEXT, fileUrl="https://x.example/f")])
    xapi.post(other)
    assert parts_of(xapi.get(statementId=other["id"], attachments="true"))[1] == []


def test_attachments_of_a_substatement_count(xapi, send, statement):
    whole = statement()
    sub = {"objectType": "SubStatement", "actor": whole["actor"], "verb": {"id": "x:v"}, "object": {"id": "x:a"}}
    sent = whole | {"object": sub | {"attachments": [described(TEXT)]}}
    assert xapi.post(sent).json["error"]["where"] == "/object/attachments/0"
    assert send(body(first(sent), part(TEXT))).status_code == 200
    assert parts_of(xapi.get(statementId=sent["id"], attachments="true"))[1][0][1] == TEXT


@pytest.mark.parametrize("query", [{"attachments": "true"}, {"attachments": "true", "limit": 1}])
def test_without_any_the_answer_is_multipart_all_the_same(xapi, statement, query):
    xapi.post([statement(), statement()])
    answer = xapi.get(**query)
    assert answer.mimetype == "multipart/mixed"
    assert parts_of(answer)[1] == []
    assert xapi.get(attachments="false").mimetype == "application/json"


def test_multipart_without_attachments_is_taken(send, statement):
    assert send(body(first([statement(), statement()]))).status_code == 200


def test_missing_data_is_refused_with_the_statement_and_the_place(xapi, send, statement, rows):
    lacking = [statement(), statement(attachments=[described(TEXT), described(PICTURE)])]
    for answer in (xapi.post(lacking), send(body(first(lacking), part(TEXT)))):
        assert answer.status_code == 400
        error = answer.json["error"]
        assert (error["statement"], error["rule"]) == (1, "Data 2.4.11")
        assert error["where"].startswith("/attachments/")
    assert rows("SELECT (SELECT count(*) FROM statements) + (SELECT count(*) FROM attachments)") == [(0,)]


S = {"actor": {"mbox": "mailto:a@b.example"}, "verb": {"id": "x:v"}, "object": {"id": "x:a"}}
WITH = S | {"attachments": [described(TEXT)]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (body(first(WITH), part(TEXT), part(PICTURE)), "belongs to no attachment"),
        (body(first(S), part(TEXT)), "belongs to no attachment"),
        (body(first(S), first(S)), "Content-Transfer-Encoding"),
        (body(part(TEXT), first(WITH)), "first part"),
        (body(b"\r\n" + json.dumps(S).encode()), "first part"),
        (body(first(WITH), part(TEXT, Content_Transfer_Encoding=None)), "Content-Transfer-Encoding"),
        (body(first(WITH), part(TEXT, Content_Transfer_Encoding="base64")), "Content-Transfer-Encoding"),
        (body(first(WITH), part(TEXT, X_Experience_API_Hash=None)), "SHA-2"),
        (body(first(WITH), part(TEXT, X_Experience_API_Hash=sha(PICTURE))), "SHA-2"),
        (body(first(WITH), part(TEXT, X_Experience_API_Hash="ab")), "SHA-2"),
        (body(first(WITH), part(TEXT + b"x", X_Experience_API_Hash=sha(TEXT))), "SHA-2"),
        (body(first(WITH), part(TEXT), end=False), "last boundary"),
        (body(first(WITH), part(TEXT))[:-8], "last boundary"),
        (body(), "first part"),
        (b"", "last boundary"),
        (json.dumps(S).encode(), "last boundary"),
        (first(WITH) + body(part(TEXT)), "first part"),
        (body(first(S), boundary="another"), "last boundary"),
        (body(first(S)).replace(b"\r\n", b"\n"), "goes on after it"),
        (body(first(S)).replace(B.encode() + b"\r\n", B.encode() + b"more\r\n"), "goes on after it"),
        (body(b"Content-Type: application/json"), "end of its headers"),
        (body(b"Content-Type: application/json\r\n" + b"X-Y: z\r\n" * 5000 + b"\r\n{}"), "end of its headers"),
        (body(b"Content-Type: application/json\r\n" * 2 + b"\r\n{}"), "twice the same"),
        (body(b"Content-Type: application/json\r\n folded\r\n\r\n{}"), "header"),
        (body(b"Content-Type application/json\r\n\r\n{}"), "header"),
        (body(b"Content-Type: application/json\r\nX: a\rb\r\n\r\n{}"), "header"),
        (body(b"Content-Type: application/json\r\n\r\n{"), "not JSON"),
        (body(b"Content-Type: application/json\r\n\r\n"), "not JSON"),
        (body(*[first(S)] * 1002), "more than 1000 parts"),
    ],
    ids=range(29),
)
def test_what_is_no_such_body_is_refused_with_the_reason(send, rows, data, words):
    answer = send(data)
    assert answer.status_code == 400
    assert words in answer.json["error"]["what"]
    assert rows("SELECT (SELECT count(*) FROM statements) + (SELECT count(*) FROM attachments)") == [(0,)]


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/mixed",
        "multipart/mixed;",
        "multipart/mixed; boundary=",
        f"multipart/mixed; boundary={'x' * 71}",
        'multipart/mixed; boundary="x "',
        'multipart/mixed; boundary="ŵ"',
        "multipart/form-data; boundary=x",
        "multipart/related; boundary=x",
    ],
)
def test_a_content_type_without_a_good_boundary_is_refused(send, statement, kind):
    assert send(body(first(statement()), boundary="x"), kind).status_code == 400


@pytest.mark.parametrize("boundary", ["x", "x" * 70, "with space", "-------314159265358979323846"])
def test_any_good_boundary_will_do(send, statement, boundary):
    sent = body(first(statement(attachments=[described(TEXT)])), part(TEXT), boundary=boundary)
    assert send(b"what comes before it\r\n" + sent, f'multipart/mixed; boundary="{boundary}"').status_code == 200


def test_an_attachment_without_bytes(xapi, send, statement):
    sent = statement(attachments=[described(b"")])
    assert send(body(first(sent), part(b""))).status_code == 200
    assert parts_of(xapi.get(statementId=sent["id"], attachments="true"))[1][0][1] == b""


@pytest.mark.parametrize("settings", [{"KTB_MAX_BODY": "3000"}])
def test_a_body_beyond_the_limit_is_refused(send, statement):
    content = b"x" * 3000
    assert send(body(first(statement(attachments=[described(content)])), part(content))).status_code == 413


def test_a_page_holds_no_more_data_than_fits_an_answer(xapi, send, statement, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_BYTES", 1000)
    contents = [bytes([number]) * 400 for number in range(5)]
    ids = [
        send(body(first(statement(attachments=[described(one)])), part(one))).json[0]
        for one in [*contents, b"y" * 2000]
    ]
    found, page = [], xapi.get(attachments="true")
    for _ in range(9):
        value, kept = parts_of(page)
        found.append((len(value["statements"]), len(kept)))
        assert [one["id"] for one in value["statements"]] == [ids.pop() for _ in value["statements"]]
        if not value["more"]:
            break
        page = xapi.get(value["more"])
    assert found == [(1, 1), (2, 2), (2, 2), (1, 1)]


def test_a_media_type_cannot_bring_a_header_along(xapi, statement):
    for kind in ("text/plain\r\nX: y", "text/plain;\r\nX: y", "text/plain \r\n;x", "text/plain;\x00"):
        answer = xapi.post(statement(attachments=[described(b"", contentType=kind, fileUrl="x:y")]))
        assert answer.json["error"]["where"] == "/attachments/0/contentType"


def test_the_reader_hands_out_views_and_copies_nothing():
    data = body(part(PICTURE), part(b"x" * 1000))
    for one in multipart.read(data, B):
        assert one.content.obj is data


@pytest.mark.parametrize(
    "data", [b"--xy" * 100_000, b"--x\r\n" * 100_000, b"--x\r\na:b\r\n\r\n" * 100_000, b"\r\n" * 900_000]
)
def test_hostile_bodies_end_soon(data):
    with pytest.raises(Malformed):
        multipart.read(data, "x")
