"""A municipality's OpenID Connect provider over real HTTP, honest or not."""

import hmac
import json
import logging
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import RSAKey
from markupsafe import escape
from werkzeug.serving import make_server

CLIENT, SECRET = "the-desk", "a secret & of the client"
_HOST = "127.0.0.1"
_LASTS = 300  # seconds
Claims = dict[str, Any]


@dataclass
class Conduct:
    """What it does; as it stands it is honest."""

    subject: str = "anna@kommun.example"
    claims: Claims = field(default_factory=dict)  # in place of the right ones
    algorithm: str = "RS256"
    stranger: bool = False  # signs with a key that it has not published
    state: str = ""  # in place of the one that was sent
    issuer: str = ""  # what it calls itself in what it publishes
    says_no: bool = False
    asks: bool = False  # shows a page of its own first, as to a real person
    breaks: bool = False
    now: Callable[[], float] = time.time


class Provider:
    """The provider, from the beginning of a `with` block to its end."""

    def __init__(self, back: str, conduct: Conduct | None = None) -> None:
        """Take the one address that leads back to the client."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.back, self.conduct = back, conduct or Conduct()
        self.asked: list[dict[str, str]] = []  # what came to its authorization page
        self.key = self._fresh("first")
        self._codes: dict[str, dict[str, str]] = {}
        self._server = make_server(_HOST, 0, self._app(), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def issuer(self) -> str:
        """What it is called."""
        return f"http://{_HOST}:{self._server.server_port}/common"

    def turn_key(self) -> None:
        """Sign with another key from now on, and publish that one alone."""
        self.key = self._fresh("second")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask(__name__)
        at = "/common/.well-known/openid-configuration"
        app.add_url_rule(at, view_func=self._about)
        app.add_url_rule("/common/keys", view_func=self._keys)
        app.add_url_rule("/common/authorize", view_func=self._authorize)
        app.add_url_rule("/common/token", view_func=self._token, methods=["POST"])
        return app

    def _about(self) -> ResponseReturnValue:
        if self.conduct.breaks:
            return "", 500
        return jsonify(
            issuer=self.conduct.issuer or self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/keys",
        )

    def _keys(self) -> Response:
        return jsonify(keys=[self.key.as_dict(private=False)])

    def _authorize(self) -> ResponseReturnValue:
        """Say yes at once, as to somebody who is signed in already."""
        asked = request.args.to_dict()
        self.asked.append(asked)
        assert asked["redirect_uri"] == self.back
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        state = self.conduct.state or asked["state"]
        if self.conduct.says_no:
            said = {"error": "access_denied", "state": state}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = asked
            said = {"code": code, "state": state}
        leads_back = f"{self.back}?{urlencode(said)}"
        if self.conduct.asks:
            return f'<a href="{escape(leads_back)}">That is me</a>'
        return redirect(leads_back)

    def _token(self) -> ResponseReturnValue:
        asked = self._codes.pop(request.form["code"], None)  # a code is good once
        if asked is None or not self._is_client() or not self._has_begun(asked):
            return jsonify(error="invalid_grant"), 400
        if request.form["redirect_uri"] != self.back:
            return jsonify(error="invalid_grant"), 400
        return jsonify(
            access_token="unused",
            token_type="Bearer",
            id_token=self._signed(asked["nonce"]),
        )

    def _is_client(self) -> bool:
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        return b64decode(given).decode() == f"{CLIENT}:{SECRET}"

    def _has_begun(self, asked: dict[str, str]) -> bool:
        """Check PKCE: who has the code began the way herself."""
        digest = sha256(request.form["code_verifier"].encode()).digest()
        return _part(digest).decode() == asked["code_challenge"]

    def _signed(self, nonce: str) -> str:
        now = int(self.conduct.now())
        right = {
            "iss": self.issuer,
            "sub": self.conduct.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + _LASTS,
            "nonce": nonce,
        }
        claims = {**right, **self.conduct.claims}
        claims = {name: one for name, one in claims.items() if one is not None}
        header = {"alg": self.conduct.algorithm, "kid": self.key.kid}
        if self.conduct.algorithm != "RS256":
            return self._forged(header, claims)
        key = self._fresh("first") if self.conduct.stranger else self.key
        return jwt.encode(header, claims, key)

    def _forged(self, header: Claims, claims: Claims) -> str:
        """Sign with nothing, or with the published key as if it were a secret."""
        said = b".".join(_part(json.dumps(one).encode()) for one in (header, claims))
        known = self.key.as_pem(private=False)
        signs = self.conduct.algorithm != "none"
        signature = hmac.digest(known, said, "sha256") if signs else b""
        return (said + b"." + _part(signature)).decode()

    @staticmethod
    def _fresh(kid: str) -> RSAKey:
        return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, auto_kid=False)


def _part(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")
