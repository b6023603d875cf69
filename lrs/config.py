"""Every setting of the record store: its name in the environment, its default, and one line of help."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple


class ConfigError(Exception):
    """A setting cannot be used; the message names it and never shows its value."""


def _text(value: str) -> str:
    return value


def _address(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an http or https address")
    return value.rstrip("/")


def _database(value: str) -> str:
    if not re.match(r"(sqlite|postgresql\+psycopg|postgresql)://", value):
        raise ValueError("must begin with sqlite:// or postgresql://")
    return re.sub(r"^postgresql://", "postgresql+psycopg://", value)


def _from(least: int) -> Callable[[str], int]:
    def whole(value: str) -> int:
        if not re.fullmatch(r"\d{1,12}", value) or int(value) < least:
            raise ValueError(f"must be a whole number from {least}")
        return int(value)

    return whole


def _choice(*words: str) -> Callable[[str], str]:
    def one(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be one of: {', '.join(words)}")
        return value

    return one


def _mailbox(value: str) -> str:
    if value and not re.fullmatch(r"[^\s<>,;:\"()\[\]\\@]+@[^\s<>,;:\"()\[\]\\@]+", value):
        raise ValueError("must be an e-mail address and nothing else")
    return value


def _issuer(value: str) -> str:
    if value and not re.match(r"https://|http://(localhost|127\.0\.0\.1)(:\d+)?(/|$)", value):
        raise ValueError("must be an https address")
    return _address(value)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in value.split(",") if one.strip())


def _councils(value: str) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in _listed(value)]
    if not all(group.strip() and re.fullmatch(r"W06\d{6}", gss.strip()) for group, _, gss in pairs):
        raise ValueError("must be a list such as GROUP=W06000023, with commas between")
    return {group.strip(): gss.strip() for group, _, gss in pairs}


def _yes(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return value == "yes"


class Setting(NamedTuple):
    """One setting: ``read`` turns its text into a value or raises ValueError; a secret's value is never shown."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any] = _text
    secret: bool = False


SETTINGS = (
    Setting("KTB_DATABASE_URL", "sqlite:///ktb-lrs.sqlite3", "Where the records are kept.", _database, secret=True),
    Setting("KTB_PUBLIC_URL", "", "The store's address as browsers see it; else as requests say.", _address),
    Setting("KTB_TRUSTED_PROXIES", "0", "How many proxies stand before the store and say who is calling.", _from(0)),
    Setting("KTB_MAX_BODY", "4000000", "The most bytes that one request may send with a key.", _from(1000)),
    Setting("KTB_MAX_LAUNCH_BODY", "50000", "The most bytes in a request with a launch token.", _from(1000)),
    Setting("KTB_PAGE_SIZE", "200", "The most statements in one answer.", _from(1)),
    Setting("KTB_LAUNCH_MINUTES", "120", "How long a launch token lasts after its last use.", _from(1)),
    Setting("KTB_LAUNCHES_PER_MINUTE", "600", "The most launches of one package in a minute.", _from(1)),
    Setting("KTB_LEARNER_LAUNCHES_PER_MINUTE", "20", "The most launches of one learner in a minute.", _from(1)),
    Setting("KTB_LAUNCH_REQUESTS_PER_MINUTE", "120", "The most requests with one launch token in a minute.", _from(1)),
    Setting(
        "KTB_IDLE_MINUTES",
        "120",
        "How long somebody stays signed in without doing anything; at most 10 hours.",
        _from(5),
    ),
    Setting("KTB_ORGANISATION", "", "Who is responsible for the records, for the privacy notice."),
    Setting("KTB_CONTACT", "", "Where people write about their records or about these pages."),
    Setting("KTB_KEEP_PEOPLE_MONTHS", "12", "How long names are kept after somebody's last residential.", _from(1)),
    Setting("KTB_KEEP_STATEMENTS_MONTHS", "24", "How long statements are kept; the evidence in them stays.", _from(1)),
    Setting("KTB_KEEP_CERTIFICATES_MONTHS", "84", "How long certificates can be checked.", _from(1)),
    Setting("KTB_KEEP_LOG_MONTHS", "24", "How long the log of who did what is kept.", _from(1)),
    Setting(
        "KTB_OIDC_ISSUER", "", "The organisation's own sign-in (OpenID Connect); without it there is none.", _issuer
    ),
    Setting("KTB_OIDC_CLIENT_ID", "", "How that sign-in knows the store."),
    Setting("KTB_OIDC_CLIENT_SECRET", "", "The store's secret there; none for a public client.", secret=True),
    Setting("KTB_OIDC_SCOPES", "openid email profile", "What is asked of that sign-in."),
    Setting("KTB_OIDC_GROUPS_CLAIM", "groups", "The claim that lists somebody's groups."),
    Setting("KTB_OIDC_LEAD_GROUPS", "", "Groups whose people are programme leads, with commas between.", _listed),
    Setting("KTB_OIDC_LINK_GROUPS", "", "Groups of link officers: GROUP=GSS code, with commas between.", _councils),
    Setting(
        "KTB_OIDC_TRUST_EMAIL", "no", "Whether that sign-in's addresses hold without email_verified: yes or no.", _yes
    ),
    Setting("KTB_SMTP_HOST", "", "The mail server; without it, no mail is sent."),
    Setting("KTB_SMTP_PORT", "587", "Its port.", _from(1)),
    Setting(
        "KTB_SMTP_TLS", "starttls", "starttls, tls from the first byte, or none.", _choice("starttls", "tls", "none")
    ),
    Setting("KTB_SMTP_USER", "", "Who signs in there; without it, nobody does."),
    Setting("KTB_SMTP_PASSWORD", "", "With which password.", secret=True),
    Setting("KTB_SMTP_FROM", "", "The sender of all mail: an address that somebody reads.", _mailbox),
)


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """Every setting's value, from the environment or from the file that NAME_FILE names, which wins; else the default.

    Raises ConfigError for a value that cannot be used.
    """
    values = {setting.name: _value(setting, environment) for setting in SETTINGS}
    if values["KTB_OIDC_ISSUER"] and not values["KTB_OIDC_CLIENT_ID"]:
        raise ConfigError("KTB_OIDC_CLIENT_ID must be set where KTB_OIDC_ISSUER is")
    return values


def _value(setting: Setting, environment: Mapping[str, str]) -> Any:
    text = environment.get(setting.name, setting.default)
    place = environment.get(setting.name + "_FILE")
    if place:
        try:
            text = Path(place).read_text("utf-8").strip()
        except (OSError, ValueError):
            raise ConfigError(f"{setting.name}_FILE names a file that cannot be read") from None
    try:
        return setting.read(text)
    except ValueError as error:
        raise ConfigError(f"{setting.name} {error}") from None
