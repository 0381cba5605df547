"""Ajang: a public-service innovation competition, from the first proposal to the award."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import assembly, cli, clock
from app.accounts import routes as accounts
from app.config import Config
from app.database import db, engine_options, retried, transaction
from app.demo import commands as demo_commands
from app.failures import failure_number, told
from app.web import bodies, errors, headers, keeping, language, shared, shell, templates
from app.web.early import EarlyAnswers
from app.web.looking import WritingNeededError, can_look_first

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Ajang(Flask):
    """A Flask application in which a request is one transaction."""

    jinja_environment = templates.Templates  # type: ignore[assignment]  # Flask names its own class

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request and commit before the answer leaves; a refusal changes nothing."""
        return retried(self._answer)

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 -- what sys.exc_info gives
        """Log a failure once, under a number that the page shows; tell only the address's rule.

        The address itself may hold a secret token.
        """
        g.failure = failure_number()
        rule = request.url_rule.rule if request.url_rule else "no such address"
        where = f"{request.method} {rule}"
        self.logger.error("failure %s at %s\n%s", g.failure, where, told(exc_info[1]))

    def _answer(self) -> ResponseReturnValue:
        if can_look_first(self):
            with suppress(WritingNeededError), transaction(writing=False):
                return super().dispatch_request()
        writing = request.method not in SAFE
        with transaction(writing=writing):
            answer = super().dispatch_request()
            if not writing:
                db.session.close()  # what was read is forgotten, instead of all marked as outdated
            return answer


def create_app(config: Config | None = None) -> Flask:
    """Make the application from `config`, by default from the environment."""
    config = config or Config.from_environment()
    app = Ajang(__name__, template_folder="../templates", static_folder="../static")
    app.config.update(settings(config))
    clock.shift(config.clock_offset)
    db.init_app(app)
    Migrate(app, db, directory="migrations", render_as_batch=True)
    bodies.init_app(app)  # first: the next one reads the body
    CSRFProtect(app).exempt("app.accounts.routes.language")  # it stands on pages made for all
    Compress(app)
    accounts.login_manager.init_app(app)
    language.init_app(app)
    templates.init_app(app)
    shell.init_app(app)
    shared.init_app(app)
    keeping.init_app(app)
    headers.init_app(app, https=config.https)
    errors.init_app(app)
    assembly.assemble(app)
    app.request_class = bodies.BoundedRequest
    cli.init_app(app)
    demo_commands.init_app(app)
    early = EarlyAnswers(app.wsgi_app, app.extensions["shared_pages"])
    app.wsgi_app = early  # type: ignore[method-assign]  # how it is mounted
    if config.https:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]  # how it is mounted
    return app


def settings(config: Config) -> dict[str, object]:
    """Return the settings of Flask and its extensions."""
    return {
        "AJANG": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(config.database_url, patience=config.patience),
        "MAX_CONTENT_LENGTH": config.body_limit,
        "MAX_FORM_MEMORY_SIZE": config.form_limit,
        "MAX_FORM_PARTS": config.form_fields,
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "SESSION_COOKIE_SECURE": config.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": config.session_lifetime,
        "SESSION_REFRESH_EACH_REQUEST": False,  # the end of the session's row is fixed
        "WTF_CSRF_TIME_LIMIT": None,  # the token lasts as long as the session
        "COMPRESS_LEVEL": 4,  # of gzip: three fifths of the time of 6, for 3 % more bytes
        "COMPRESS_ALGORITHM_STREAMING": ["zstd", "br", "gzip", "deflate"],
        "WTF_CSRF_SSL_STRICT": config.https,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=1),
    }
