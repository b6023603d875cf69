"""Two sign-ins of organisations to test against: a real one in a process of its own, and one that lies."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

# Run in a process of its own: it prints its port, and ends when its standard input does.
REAL = """
import sys
from oidc_provider_mock import run_server_in_thread
with run_server_in_thread(require_nonce=True) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)


class Liar(ThreadingHTTPServer):
    """A provider that does everything as it should but for its ``flaw``; it keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("localhost", 0), _Answers)
        self.issuer = f"http://localhost:{self.server_port}"
        self.flaw, self.nonce, self.challenge, self.asked = "", "", "", []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()

    def metadata(self):
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
        if self.flaw == "another issuer":
            told["issuer"] = "https://elsewhere.example"
        if self.flaw == "addresses of another kind":
            told["jwks_uri"] = "file:///etc/passwd"
        return told

    def id_token(self):
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": "store", "sub": "s1", "nonce": self.nonce, "iat": now, "exp": now + 60,
            "email": "mair@council.example", "email_verified": True, "name": "Mair", "groups": ["leads"],
        }  # fmt: skip
        claims |= {
            "token of another issuer": {"iss": "https://elsewhere.example"},
            "token for another client": {"aud": "another"},
            "token without an audience": {"aud": None},
            "token of another attempt": {"nonce": "another"},
            "old token": {"iat": now - 9000, "exp": now - 8000},
            "token about nobody": {"sub": ""},
            "token about a number": {"sub": 7},
            "userinfo about somebody else": {"groups": None},
        }.get(self.flaw, {})
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.flaw == "unsigned token":
            parts = ({"alg": "none"}, claims)
            told = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts]
            return ".".join([*told, ""])
        if self.flaw == "signed with the public key as a secret":
            secret = OctKey.import_key(KEY.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, secret, algorithms=["HS256"])
        key = OTHER if self.flaw == "signed with another key" else KEY
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)

    def challenged(self, verifier):
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        return digest.rstrip(b"=").decode() == self.challenge


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        if self.path.startswith("/.well-known"):
            if server.flaw == "elsewhere":
                self.send_response(302)
                self.send_header("Location", f"{server.issuer}/again")
                self.end_headers()
                return
            if server.flaw == "stalls":
                server.released.wait(30)
                return
            if server.flaw == "endless":
                self._endless()
                return
            self._tell(b"<html>" if server.flaw == "no JSON" else server.metadata())
        elif self.path == "/keys":
            self._tell({"keys": [] if server.flaw == "no keys" else [KEY.as_dict(private=False)]})
        elif self.path == "/userinfo":
            self._tell({"sub": "s2", "groups": ["leads"]})
        else:
            self.send_error(404)

    def do_POST(self):
        server = self.server
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        server.asked.append(asked)
        if server.flaw == "no token" or not server.challenged(asked["code_verifier"][0]):
            self._tell({"error": "invalid_grant"}, 400)
            return
        self._tell({"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": server.id_token()})

    def _endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 65_536)
        except OSError:
            self.close_connection = True

    def _tell(self, told, status=200):
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
