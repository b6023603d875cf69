"""The record store: statements in over HTTP, and who is ready for the residential out of them.

`create_app` wires everything together; each package below tells what it does in its first lines.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lrs import config, headers, health, launch, logs, programme, refusal_log, refusals, signin, transaction, xapi
from lrs.programme import api
from lrs.storage import database, keys
from lrs.storage.group_commit import GroupCommit


def utc_now() -> datetime:
    """The moment, aware, in UTC."""
    return datetime.now(UTC)


def create_app(settings: Mapping[str, str] | None = None, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The whole application, on a store that is ready; a new SQLite store is made here.

    Settings are texts by their KTB_ names, from the environment unless given. Raises config.ConfigError for one that
    cannot be used, and StoreOutdated for a store whose tables need `ktb-lrs db upgrade`.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(config.read(os.environ if settings is None else settings))
    if proxies := app.config["KTB_TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies, proxies, proxies)  # type: ignore[method-assign]
    app.extensions["clock"] = clock
    app.extensions["engine"] = database.open_engine(app.config["KTB_DATABASE_URL"])
    app.extensions["group_commit"] = GroupCommit(app.extensions["engine"], clock)
    app.extensions["keys"] = keys.Recent()
    database.make_ready(app.extensions["engine"])
    for part in (logs, refusal_log, headers, refusals, launch, signin):
        part.init_app(app)
    for part in (health, xapi, launch, programme, api):
        app.register_blueprint(part.bp)
    transaction.init_app(app)
    return app
