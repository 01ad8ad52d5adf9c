"""Sign-in with the municipality's OpenID Connect: code flow, PKCE, one address back.

It tells who somebody is, and nothing else is asked for. The only module that imports
Authlib, which has no types. Nothing that comes or goes here is ever logged.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from web.readers import is_local

# What the provider alone can sign with; "none" and shared secrets are not among them.
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_SIGNING_KEYS = {"RSA", "EC"}
_LEEWAY = 60  # seconds that two clocks may differ
_KEPT = timedelta(hours=1)  # how long its addresses and keys are taken as read
_TIMEOUT = 5  # seconds; a member waits, with a way in beside it
_LONGEST = 255  # signs of a subject, by the standard
_OF_CLAIM = {"iss": "issuer", "aud": "audience", "azp": "audience", "nonce": "nonce"}


class OutsideRefused(Exception):
    """A sign-in with the provider came to nothing; `reason` is a key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Once:
    """What belongs to one sign-in alone, and is never used again."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)  # PKCE (RFC 7636)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider says of itself."""

    authorization: str
    token: str
    by_post: bool
    keys: KeySet
    at: datetime


class Provider:
    """The municipality's provider, as it is set up for this staff site."""

    def __init__(self, issuer: str, client_id: str, secret: str, back: str) -> None:
        """Take who it is, who we are there, and the one address that leads back."""
        self.issuer = issuer
        self._client_id, self._secret, self._back = client_id, secret, back
        self._known: _Known | None = None

    def leads_to(self, once: Once, now: datetime) -> str:
        """Return where the browser goes. Raises OutsideRefused."""
        known = self._ask(now)
        address, _ = self._session(known).create_authorization_url(
            known.authorization,
            state=once.state,
            nonce=once.nonce,
            code_verifier=once.verifier,
        )
        return str(address)

    def subject(self, once: Once, code: str, now: datetime) -> str:
        """Return who came back with a code, as the provider calls her.

        Raises OutsideRefused when any of it is not as it must be.
        """
        known = self._ask(now)
        try:
            answer = self._session(known).fetch_token(
                known.token,
                code=code,
                code_verifier=once.verifier,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise OutsideRefused("unreachable") from error
        except (OAuthError, ValueError, TypeError) as error:
            raise OutsideRefused("code") from error
        signed = self._decoded(answer.get("id_token"), now)
        return self._checked(signed, once.nonce, now)

    def _decoded(self, id_token: object, now: datetime) -> jwt.Token:
        if not isinstance(id_token, str):
            raise OutsideRefused("unsigned")
        signs = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        try:
            try:
                return jwt.decode(id_token, self._ask(now).keys, registry=signs)
            except InvalidKeyIdError:  # it has changed keys since they were read
                self._known = None
                return jwt.decode(id_token, self._ask(now).keys, registry=signs)
        except (JoseError, ValueError) as error:
            raise OutsideRefused("unsigned") from error

    def _checked(self, signed: jwt.Token, nonce: str, now: datetime) -> str:
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
            "exp": {"essential": True},
        }
        about = {"nonce": nonce, "client_id": self._client_id}
        claims = CodeIDToken(signed.claims, signed.header, wanted, about)
        try:
            claims.validate(int(now.timestamp()), _LEEWAY)  # type: ignore[no-untyped-call]  # Authlib has no types
        except ExpiredTokenError as error:
            raise OutsideRefused("expired") from error
        except ClaimError as error:
            raise OutsideRefused(_OF_CLAIM.get(error.claim, "unsigned")) from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST:
            raise OutsideRefused("unsigned")
        return subject

    def _session(self, known: _Known) -> Any:  # noqa: ANN401 - Authlib has no types
        way = "client_secret_post" if known.by_post else "client_secret_basic"
        return OAuth2Session(  # type: ignore[no-untyped-call]  # as above
            self._client_id,
            self._secret,
            token_endpoint_auth_method=way,
            scope="openid",  # neither name nor address is asked for
            redirect_uri=self._back,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT,
        )

    def _ask(self, now: datetime) -> _Known:
        """Return what the provider says of itself, read anew each hour."""
        if self._known is None or not timedelta() <= now - self._known.at < _KEPT:
            self._known = self._read(now)
        return self._known

    def _read(self, now: datetime) -> _Known:
        base = self.issuer.rstrip("/")
        said = self._fetched(f"{base}/.well-known/openid-configuration")
        try:
            # Else one provider could speak for another (OpenID Connect Discovery 4.3).
            if said["issuer"] != self.issuer:
                raise OutsideRefused("issuer")
            ways = said.get("token_endpoint_auth_methods_supported")
            every = self._fetched(self._own(said["jwks_uri"]))["keys"]
            keys = [one for one in every if one.get("kty") in _SIGNING_KEYS]
            return _Known(
                self._own(said["authorization_endpoint"]),
                self._own(said["token_endpoint"]),
                bool(ways) and "client_secret_basic" not in ways,
                KeySet.import_key_set({"keys": keys}),
                now,
            )
        except (KeyError, TypeError, AttributeError, ValueError, JoseError) as error:
            raise OutsideRefused("unreachable") from error

    def _own(self, address: object) -> str:
        """Take an address of the provider's: over https, as the issuer itself."""
        secure = isinstance(address, str) and address.startswith("https://")
        here = isinstance(address, str) and is_local(self.issuer) and is_local(address)
        if not (secure or here):
            raise ValueError("not a safe address")
        return str(address)

    def _fetched(self, address: str) -> Any:  # noqa: ANN401 - any JSON
        try:
            answer = requests.get(address, timeout=_TIMEOUT, allow_redirects=False)
            if answer.status_code != requests.codes.ok:
                raise OutsideRefused("unreachable")
            return answer.json()
        except requests.RequestException as error:
            raise OutsideRefused("unreachable") from error
