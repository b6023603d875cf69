"""Signed statements (Data 2.6): a signature must be one, by an allowed algorithm, and of the statement it came with."""

import base64
import copy
import datetime
import hashlib
import json
import uuid

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

USAGE = "http://adlnet.gov/expapi/attachments/signature"


@pytest.fixture(scope="module")
def private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def certificate(private):
    return der(private)


def der(private):
    """A certificate of the key, in base64 as x5c has it."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Cyngor")])
    made = x509.CertificateBuilder(name, name, private.public_key(), 1, moment(2020), moment(2050))
    return base64.b64encode(made.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.DER)).decode()


def moment(year):
    return datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def signed(private):
    """``signed(payload, **header)`` -> a compact JWS."""
    key = RSAKey.import_key(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    registry = jws.JWSRegistry(algorithms=["RS256", "RS384", "RS512", "PS256"], strict_check_header=False)

    def made(payload, **header):
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return jws.serialize_compact({"alg": "RS256"} | header, data, key, registry=registry).encode()

    return made


@pytest.fixture
def send(xapi):
    """``send(statement, signature)`` -> the answer to the statement with this signature."""

    def sent(statement, signature, batch=False, **changes):
        sha2 = hashlib.sha256(signature).hexdigest()
        attachment = {
            "usageType": USAGE,
            "display": {"en": "Signature"},
            "contentType": "application/octet-stream",
            "length": len(signature),
            "sha2": sha2,
        } | changes
        whole = statement | {"attachments": [*statement.get("attachments", []), attachment]}
        value = [statement | {"id": str(uuid.uuid4())}, whole] if batch else whole
        data = b"\r\n".join(
            [
                b"--b\r\nContent-Type: application/json\r\n",
                json.dumps(value).encode(),
                b"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary",
                b"X-Experience-API-Hash: " + sha2.encode() + b"\r\n",
                signature,
                b"--b--",
            ]
        )
        return xapi.post(data, **{"Content-Type": "multipart/mixed; boundary=b"})

    return sent


def refused(answer):
    assert answer.status_code == 400, answer.text
    error = answer.json["error"]
    assert error["rule"] == "Data 2.6"
    return error["where"]


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_a_signature_of_the_statement_is_taken(xapi, send, signed, certificate, statement, algorithm):
    for header in ({}, {"x5c": [certificate]}, {"x5c": [certificate, "anything"], "kid": "ours", "https://x/y": 1}):
        sent = statement()
        assert send(sent, signed(sent, alg=algorithm, **header)).status_code == 200
        assert xapi.get(statementId=sent["id"]).json["attachments"][0]["usageType"] == USAGE


def test_the_same_said_otherwise_is_signed_as_well(send, signed, statement):
    sent = statement(timestamp="2026-11-02T09:00:00Z", result={"duration": "PT1.129S"})
    said = sent | {"timestamp": "2026-11-02T10:00:00+01:00", "result": {"duration": "PT1.12S"}, "version": "1.0.0"}
    assert send(sent, signed(said | {"attachments": []})).status_code == 200
    other = {"usageType": "x:y", "display": {}, "contentType": "a/b", "length": 1, "sha2": "ab" * 32, "fileUrl": "x:z"}
    assert (
        send(statement(id=(one := statement(attachments=[other]))["id"], attachments=[other]), signed(one)).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verb", {"id": "x:other"}),
        ("actor", {"mbox": "mailto:somebody@else.example"}),
        ("result", {"success": True}),
        ("timestamp", "2026-11-02T09:00:01Z"),
        ("id", "11111111-1111-4111-8111-111111111111"),
        (
            "attachments",
            [
                {
                    "usageType": "x:y",
                    "display": {},
                    "contentType": "a/b",
                    "length": 1,
                    "sha2": "ab" * 32,
                    "fileUrl": "x:z",
                }
            ],
        ),
    ],
)
def test_a_signature_of_another_statement_is_refused(send, signed, statement, rows, name, value):
    sent = statement()
    assert refused(send(sent, signed(copy.deepcopy(sent) | {name: value}))) == "/attachments/0"
    assert rows("SELECT count(*) FROM statements") == [(0,)]


def test_in_a_batch_the_refusal_says_which(send, signed, statement):
    answer = send(statement(), signed(statement()), batch=True)
    assert refused(answer) == "/attachments/0"
    assert answer.json["error"]["statement"] == 1


def test_other_algorithms_are_refused(send, signed, statement):
    sent = statement()
    assert refused(send(sent, signed(sent, alg="PS256")))
    secret = jws.serialize_compact({"alg": "HS256"}, json.dumps(sent), OctKey.generate_key(256), algorithms=["HS256"])
    assert refused(send(sent, secret.encode()))
    _, payload, _ = signed(sent).split(b".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=")
    assert refused(send(sent, none + b"." + payload + b"."))


def test_a_certificate_is_what_the_signature_is_checked_against(send, signed, certificate, statement):
    sent = statement()
    good = signed(sent, x5c=[certificate])
    head, payload, _ = good.split(b".")
    broken = base64.urlsafe_b64encode(bytes(256)).rstrip(b"=")
    assert refused(send(sent, b".".join((head, payload, broken))))
    stranger = der(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert refused(send(sent, signed(sent, x5c=[stranger, certificate])))
    elliptic = der(ec.generate_private_key(ec.SECP256R1()))
    assert refused(send(sent, signed(sent, x5c=[elliptic])))
    assert send(sent, good).status_code == 200


@pytest.mark.parametrize("chain", [[], "x", [1], ["%%%"], ["AAAA"], {}, None, [None]])
def test_a_chain_that_is_none_is_refused(send, signed, statement, chain):
    sent = statement()
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "x5c": chain}).encode()).rstrip(b"=")
    _, payload, signature = signed(sent).split(b".")
    assert refused(send(sent, b".".join((head, payload, signature))))


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"a.b",
        b"a.b.c",
        b"..",
        b"\xff\xfe",
        b"bnVsbA.bnVsbA.bnVsbA",
        b"W10.e30.",
        b"." * 10_000,
        base64.urlsafe_b64encode(b"{" * 50_000) + b".e30.",
    ],
)
def test_what_is_no_signature_is_refused(send, statement, signature):
    assert refused(send(statement(), signature)) == "/attachments/0"


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"{}", b'{"a":1,"a":1}', b"null", b"\xff"])
def test_a_payload_that_is_no_statement_is_refused(send, signed, statement, payload):
    assert refused(send(statement(), signed(payload))) == "/attachments/0"


def test_a_signature_is_an_octet_stream_and_comes_along(xapi, send, signed, statement):
    sent = statement()
    assert refused(send(sent, signed(sent), contentType="text/plain")) == "/attachments/0/contentType"
    elsewhere = {
        "usageType": USAGE, "display": {}, "contentType": "application/octet-stream",
        "length": 1, "sha2": "ab" * 32, "fileUrl": "https://x.example/signature",
    }  # fmt: skip
    assert refused(xapi.post(sent | {"attachments": [elsewhere]})) == "/attachments/0"
