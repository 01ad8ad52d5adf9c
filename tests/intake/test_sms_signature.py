"""Whose webhook it is: signatures over the configured address, and nothing else."""

import pytest
from werkzeug.datastructures import MultiDict

from intake.sms.twilio import signature_fits
from tests.standin import sign

URL = "https://example.org/hooks/sms"
NEW, OLD = "new-token", "old-token"
PARAMS = {"MessageSid": ["SM1"], "From": ["+46701740605"], "Body": ["hej  då "]}


def fits(
    url: str = URL,
    params: dict[str, list[str]] | None = None,
    tokens: tuple[str, ...] = (NEW, OLD),
    signature: str | None = None,
) -> bool:
    """Say whether a signature made for PARAMS at URL, unless given, is accepted."""
    signature = sign(NEW, URL, PARAMS) if signature is None else signature
    return signature_fits(tokens, url, params or PARAMS, signature)


def test_a_signed_webhook_fits() -> None:
    assert fits()


def test_twilios_own_example_fits() -> None:
    # Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    many = {name: [value] for name, value in params.items()}
    signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert sign("12345", url, params) == signature
    assert signature_fits(["12345"], url, many, signature)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hooks/sms",
        "https://example.com/hooks/sms",
        "https://example.org/stilla/hooks/sms",
        "https://example.org/hooks/sms/",
        "https://example.org/hooks/sms?x=1",
    ],
)
def test_another_address_does_not_fit(url: str) -> None:
    assert not fits(url=url)
    assert fits(url=url, signature=sign(NEW, url, PARAMS))


def test_the_usual_port_may_stand_there_or_not() -> None:
    assert fits(url="https://example.org:443/hooks/sms")


def test_another_port_does_not_fit() -> None:
    # Twilio leaves out a port of its own accord, so one that is left out may fit.
    ours, another = (
        "https://example.org:8443/hooks/sms",
        "https://example.org:9443/hooks/sms",
    )
    assert fits(url=ours, signature=sign(NEW, ours, PARAMS))
    assert not fits(url=ours, signature=sign(NEW, another, PARAMS))
    assert not fits(signature=sign(NEW, another, PARAMS))


@pytest.mark.parametrize(
    "params",
    [
        {**PARAMS, "Body": ["hej då"]},
        {**PARAMS, "Body": ["hej  då"]},
        {**PARAMS, "AddedLater": ["1"]},
        {**PARAMS, "Body": ["hej  då ", "again"]},
        {"MessageSid": ["SM1"], "Body": ["hej  då "]},
    ],
)
def test_other_parameters_do_not_fit(params: dict[str, list[str]]) -> None:
    assert not fits(params=params)
    assert fits(params=params, signature=sign(NEW, URL, params))


def test_repeated_and_unknown_parameters_fit_however_they_are_held() -> None:
    params: dict[str, list[str]] = {
        **PARAMS,
        "AddedLater": [""],
        "Twice": ["b", "a"],
        "Empty": ["", "x"],
    }
    signature = sign(NEW, URL, params)
    assert signature_fits([NEW], URL, params, signature)
    assert signature_fits(
        [NEW],
        URL,
        MultiDict([(n, v) for n, vs in params.items() for v in vs]),
        signature,
    )


def test_while_tokens_are_changed_both_fit() -> None:
    signature = sign(OLD, URL, PARAMS)
    assert fits(signature=signature)
    assert fits(signature=signature, tokens=(OLD,))
    assert not fits(signature=signature, tokens=(NEW,))


@pytest.mark.parametrize("tokens", [(), ("",), ("  ",), ("", " ")])
def test_without_a_token_nothing_fits(tokens: tuple[str, ...]) -> None:
    assert not fits(tokens=tokens)
    for token in tokens:
        assert not fits(tokens=tokens, signature=sign(token, URL, PARAMS))


@pytest.mark.parametrize("signature", ["", " ", "å" * 28, "x" * 28, "x" * 10_000])
def test_a_made_up_signature_does_not_fit(signature: str) -> None:
    assert not fits(signature=signature)
