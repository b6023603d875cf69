"""Signed statements: whether the signature that came with a statement signs that statement (Data 2.6)."""

import base64
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from lrs.rules.attachments import each
from lrs.rules.equality import same
from lrs.rules.errors import InvalidStatement, Refusal
from lrs.rules.statements import checked
from lrs.rules.strict_json import parsed
from lrs.rules.values import invalid
from lrs.rules.versions import XAPI_2

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey
    from joserfc.jws import JWSRegistry

RULE = "Data 2.6"
USAGE = "http://adlnet.gov/expapi/attachments/signature"
ALGORITHMS = ["RS256", "RS384", "RS512"]
LONGEST = 4_000_000  # bytes of each part of a signature; the request's own limit is the one that matters
Content = bytes | memoryview


def check_signatures(statement: dict[str, Any], contents: Mapping[str, Content], index: int | None = None) -> None:
    """Refuse a valid statement that came with a signature of something else. Raises InvalidStatement with the index.

    ``contents`` are the bytes of attachments by their SHA-2 in lower case. The signature is a compact JWS by RS256,
    RS384 or RS512 whose payload says what the statement says; where its header has a certificate (x5c), it is checked
    against that. Whether the certificate is to be trusted is for readers to decide.
    """
    for where, attachment in each(statement):
        if attachment["usageType"] == USAGE:
            try:
                _check(statement, attachment, contents, where)
            except InvalidStatement as error:
                error.statement = index
                raise


def _check(statement: dict[str, Any], attachment: dict[str, Any], contents: Mapping[str, Content], where: str) -> None:
    if attachment["contentType"] != "application/octet-stream":
        raise invalid("of a signature must be application/octet-stream", where + "/contentType", RULE)
    content = contents.get(attachment["sha2"].lower())
    if content is None:
        raise invalid("is a signature, and must come along with the statement", where, RULE)
    signed = _payload(bytes(content), where)
    others = [one for one in statement.get("attachments", ()) if one["usageType"] != USAGE]
    unsigned = {name: value for name, value in statement.items() if name != "attachments"}
    if others:
        unsigned["attachments"] = others
    if signed.get("attachments") == []:
        del signed["attachments"]
    other_id = str(signed.get("id", statement.get("id"))).lower() != str(statement.get("id")).lower()
    if other_id or not same(unsigned, signed):
        raise invalid("is the signature of another statement", where, RULE)


@cache
def _sizes() -> "JWSRegistry":
    from joserfc.jws import JWSRegistry

    sizes = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    sizes.max_header_length = sizes.max_payload_length = sizes.max_signature_length = LONGEST
    return sizes


def _payload(content: bytes, where: str) -> dict[str, Any]:
    """The statement that a signature signs. Raises InvalidStatement for what is no signature or does not hold."""
    from joserfc import jws  # here: few statements are signed, and every worker would carry its 9 MB
    from joserfc.errors import JoseError

    try:
        signature = jws.extract_compact(content, registry=_sizes())
        header = signature.headers()
        if header.get("alg") not in ALGORITHMS:
            raise ValueError("another algorithm")
        if "x5c" in header:
            jws.deserialize_compact(content, _certified_key(header["x5c"]), registry=_sizes())
        return checked(parsed(signature.payload), XAPI_2)[0]
    except (JoseError, ValueError, TypeError, LookupError):
        raise invalid("is no signature by RS256, RS384 or RS512, or one that does not hold", where, RULE) from None
    except Refusal:
        raise invalid("is the signature of what is no statement", where, RULE) from None


def _certified_key(chain: Any) -> "RSAKey":
    """The key of the first certificate of a chain (RFC 7515, 4.1.6)."""
    from joserfc.jwk import RSAKey

    lines = base64.encodebytes(base64.b64decode(chain[0], validate=True)).decode()
    try:
        return RSAKey.import_key(f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n")
    except Exception as error:  # a hostile certificate fails in more ways than its reader names
        raise ValueError("no certificate of an RSA key") from error
