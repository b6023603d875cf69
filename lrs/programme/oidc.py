"""OpenID Connect as a client: an organisation's own sign-in says who somebody is (Core 1.0, Discovery 1.0, RFC 7636).

It knows neither Flask nor the store. Whatever the provider answers is bounded in time and size, and nothing is
believed that its keys have not signed for this client and this attempt.
"""

import secrets
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from lrs.storage.attempts import Attempt

WELL_KNOWN = "/.well-known/openid-configuration"
WAIT = 5.0  # seconds without a byte
WHOLE = 10.0  # seconds for one whole answer
LONGEST = 1_000_000  # bytes of one answer
LEEWAY = 60  # seconds by which the provider's clock may differ from ours
SIGNED_BY = ["RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512"]
KINDS = ("RSA", "EC")
UNUSABLE = (requests.RequestException, HTTPError)


class NotBelieved(Exception):
    """The provider does not answer, or what it answers is not to be believed; the message holds nothing it said."""


class Client(NamedTuple):
    """How the provider knows this store, and at which address of the store people come back."""

    issuer: str
    client_id: str
    secret: str
    scopes: str
    back: str


class _Bounded(HTTPAdapter):
    """Sends a request and reads its whole answer, in bounded time and size; it follows nowhere else."""

    def send(self, request: requests.PreparedRequest, *_: Any, **more: Any) -> requests.Response:
        until = time.monotonic() + WHOLE
        more.update(stream=True, timeout=(WAIT, WAIT))
        response = super().send(request, **more)
        content = bytearray()
        while part := response.raw.read1(65_536):
            content += part
            if len(content) > LONGEST or time.monotonic() > until:
                response.close()
                raise NotBelieved("The answer is too long or takes too long")
        response._content = bytes(content)
        if response.is_redirect:
            raise NotBelieved("The provider sends us elsewhere")
        return response


def _session(client: Client) -> OAuth2Session:
    method = "client_secret_basic" if client.secret else "none"
    session = OAuth2Session(
        client.client_id,
        client.secret or None,
        token_endpoint_auth_method=method,
        scope=client.scopes,
        redirect_uri=client.back,
        code_challenge_method="S256",
    )
    session.mount("https://", _Bounded())
    session.mount("http://", _Bounded())
    session.headers["Accept-Encoding"] = "identity"
    return session


def _json(session: OAuth2Session, address: str, token: str | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = session.get(address, withhold_token=True, headers=headers)
    found = answer.json() if answer.status_code == 200 else None
    if not isinstance(found, dict):
        raise NotBelieved("The provider does not answer with a JSON object")
    return found


def _metadata(session: OAuth2Session, client: Client) -> dict[str, Any]:
    """What the provider says of itself (Discovery 1.0, 4.3: its issuer is exactly the one that was asked)."""
    found = _json(session, client.issuer + WELL_KNOWN)
    if str(found.get("issuer")).rstrip("/") != client.issuer:
        raise NotBelieved("The provider names another issuer than KTB_OIDC_ISSUER")
    scheme = client.issuer.partition(":")[0]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not str(found.get(name)).startswith(scheme + "://"):
            raise NotBelieved(f"The provider's {name} is not an address of the kind that its issuer is")
    return found


def begin(client: Client) -> tuple[str, Attempt]:
    """Where to send a browser, and what to keep until it comes back. Raises NotBelieved."""
    attempt = Attempt(*(secrets.token_urlsafe(32) for _ in Attempt._fields))
    try:
        with _session(client) as session:
            there = _metadata(session, client)["authorization_endpoint"]
            address, _ = session.create_authorization_url(there, attempt.state, attempt.verifier, nonce=attempt.nonce)
    except (*UNUSABLE, OAuthError, ValueError) as error:
        raise NotBelieved(type(error).__name__) from None
    return str(address), attempt


def claims(client: Client, code: str, attempt: Attempt, wanted: tuple[str, ...]) -> Mapping[str, Any]:
    """What the provider says of whoever came back with ``code``: ``iss``, ``sub`` and more. Raises NotBelieved.

    Where the ID token lacks one of the claims ``wanted``, the provider's UserInfo is asked for it (Core 1.0, 5.3).
    """
    try:
        with _session(client) as session:
            metadata = _metadata(session, client)
            token = session.fetch_token(metadata["token_endpoint"], code=code, code_verifier=attempt.verifier)
            keys = _json(session, metadata["jwks_uri"])
            told = _checked(str(token.get("id_token", "")), keys, client, metadata["issuer"], attempt.nonce)
            return _completed(session, metadata, told, str(token.get("access_token", "")), wanted)
    except (*UNUSABLE, OAuthError, JoseError, ValueError, TypeError, KeyError) as error:
        raise NotBelieved(type(error).__name__) from None


def _checked(text: str, keys: dict[str, Any], client: Client, issuer: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that holds (Core 1.0, 3.1.3.7)."""
    signing = [key for key in keys["keys"] if key.get("kty") in KINDS and key.get("use", "sig") == "sig"]
    token = jwt.decode(text, KeySet.import_key_set({"keys": signing}), algorithms=SIGNED_BY)
    options: Any = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client.client_id},
        "sub": {"essential": True},
    }
    told = CodeIDToken(token.claims, token.header, options, {"nonce": nonce, "client_id": client.client_id})
    told.validate(int(time.time()), LEEWAY)
    if not isinstance(told["sub"], str) or not 1 <= len(told["sub"]) <= 255:
        raise NotBelieved("The ID token does not say who it is about")
    return dict(told)


def _completed(
    session: OAuth2Session, metadata: Mapping[str, Any], told: dict[str, Any], token: str, wanted: tuple[str, ...]
) -> Mapping[str, Any]:
    place = metadata.get("userinfo_endpoint")
    if not place or not token or all(name in told for name in wanted):
        return told
    more = _json(session, str(place), token)
    if more.get("sub") != told["sub"]:
        raise NotBelieved("UserInfo is about somebody else")
    return {**more, **told}
