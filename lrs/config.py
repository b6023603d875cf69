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
)


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """Every setting's value, from the environment or from the file that NAME_FILE names, which wins; else the default.

    Raises ConfigError for a value that cannot be used.
    """
    return {setting.name: _value(setting, environment) for setting in SETTINGS}


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
