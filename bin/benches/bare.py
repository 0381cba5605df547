"""The bare application that `bin/bench pages` compares with: the same rows and nothing around them.

Flask-Login with a session row, SQLAlchemy, Flask-SQLAlchemy's own paging, Jinja; no CSRF, no
languages, no roles, no frame, no compression.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Request, Response, abort, current_app, render_template, request, session
from flask_login import LoginManager, current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:
    import sqlite3 as sqlite

PAGE_SIZE = 25
COMPETING = ("finalist", "presented")
UNIT = 10**8 * 232792560  # of a standing's points: the 10**8 parts, times lcm(1…22)

TEMPLATES = {
    "base.html": """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title></head>
<body><main>{% block content %}{% endblock %}</main></body></html>""",
    "list.html": """{% extends "base.html" %}{% block title %}Proposal{% endblock %}
{% block content %}<h1>Proposal</h1>
<table><thead><tr><th>No.</th><th>Judul</th><th>Perangkat daerah</th><th>Status</th></tr></thead>
<tbody>{% for proposal in proposals %}
<tr><td>P-{{ "%03d"|format(proposal.number) }}</td>
<td><a href="/editions/{{ slug }}/proposals/{{ proposal.number }}">{{ proposal.title }}</a></td>
<td>{{ proposal.agency.name }}</td><td>{{ proposal.status }}</td></tr>{% endfor %}
</tbody></table><p>{{ proposals.page }} / {{ proposals.pages }}</p>{% endblock %}""",
    "sheet.html": """{% extends "base.html" %}
{% block title %}{{ sheet.proposal.title }}{% endblock %}
{% block content %}<h1>{{ sheet.proposal.title }}</h1><p>{{ sheet.proposal.agency.name }}</p>
<form method="post"><table>
<thead><tr><th>Kriteria</th><th>Bobot</th><th>Nilai</th><th>Catatan</th></tr></thead>
<tbody>{% for criterion in criteria %}{% set score = scores.get(criterion.id) %}
<tr><td>{{ criterion.name }}</td><td>{{ criterion.weight / 100 }}</td>
<td><input name="score_{{ criterion.id }}"
value="{{ score.value // 100 if score else '' }}"></td>
<td><input name="note_{{ criterion.id }}" value="{{ score.note if score else '' }}"></td></tr>
{% endfor %}</tbody></table><textarea name="comment">{{ sheet.comment }}</textarea>
{% include "state.html" %}<button>Simpan</button></form>{% endblock %}""",
    "state.html": """<div id="state">
<input type="hidden" name="version" value="{{ sheet.version }}">
<p>Disimpan {{ sheet.saved_at }}</p></div>""",
    "ranking.html": """{% extends "base.html" %}{% block title %}Peringkat{% endblock %}
{% block content %}<h1>Peringkat</h1><table><thead><tr><th>Peringkat</th><th>Judul</th>
<th>Administrasi</th><th>Presentasi</th><th>Hasil</th><th>Lembar</th></tr></thead>
<tbody>{% for standing in standings %}
<tr><td>–</td>
<td><a href="/editions/{{ slug }}/proposals/{{ standing.proposal.number }}">
{{ standing.proposal.title }}</a><br>{{ standing.proposal.agency.name }}</td>
<td>{{ points(standing.mean) }}</td><td>{{ points(standing.mean) }}</td>
<td>{{ points(standing.mean) }}</td>
<td>{{ standing.sheets_locked }} / {{ standing.sheets_expected }}</td></tr>{% endfor %}
</tbody></table><p>{{ standings.page }} / {{ standings.pages }}</p>{% endblock %}""",
}


class Base(DeclarativeBase):
    """The base class of every table."""


db = SQLAlchemy(model_class=Base)
login_manager = LoginManager()


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_authenticated = is_active = True


class SignIn(Base):
    """A session."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str]
    expires_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined")


class Edition(Base):
    """One year's competition."""

    __tablename__ = "edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]


class Agency(Base):
    """A public unit."""

    __tablename__ = "agency"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Proposal(Base):
    """An innovation."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]
    title: Mapped[str]
    status: Mapped[str]
    edition: Mapped[Edition] = relationship()
    agency: Mapped[Agency] = relationship()


class Criterion(Base):
    """What a sheet scores."""

    __tablename__ = "criterion"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int]
    kind: Mapped[str]
    position: Mapped[int]
    name: Mapped[str]
    weight: Mapped[int]


class Sheet(Base):
    """A score sheet."""

    __tablename__ = "sheet"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    evaluator_id: Mapped[int]
    kind: Mapped[str]
    comment: Mapped[str]
    saved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    proposal: Mapped[Proposal] = relationship()
    scores: Mapped[list["Score"]] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Score(Base):
    """The score of one criterion."""

    __tablename__ = "score"
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int | None]  # in hundredths
    note: Mapped[str]


class Standing(Base):
    """What the sheets of one kind come to."""

    __tablename__ = "standing"
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    edition_id: Mapped[int]
    sheets_expected: Mapped[int]
    sheets_locked: Mapped[int]
    mean: Mapped[int | None]
    proposal: Mapped[Proposal] = relationship()


def make_app(url: str, secret: str, calendar: str) -> Flask:
    """Make the application on the database at `url`; `calendar` is a file, packed beside it."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = secret
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"module": sqlite}
    app.config["CALENDAR"] = calendar
    app.jinja_loader = DictLoader(TEMPLATES)
    db.init_app(app)
    login_manager.init_app(app)
    edition = "/editions/<slug>"
    app.add_url_rule(f"{edition}/proposals", view_func=proposals)
    app.add_url_rule(f"{edition}/proposals/<int:number>/sheets/presentation", view_func=sheet)
    app.add_url_rule(
        f"{edition}/proposals/<int:number>/sheets/presentation", view_func=save, methods=["POST"]
    )
    app.add_url_rule(f"{edition}/ranking", view_func=ranking)
    app.add_url_rule(f"{edition}/schedule.ics", view_func=schedule)
    return app


@login_manager.request_loader
def person_of(_request: Request) -> Person | None:
    """Return the person whom the browser's session belongs to."""
    digest = hashlib.sha256(session.get("sign_in", "").encode()).hexdigest()
    now = datetime.now(UTC).replace(tzinfo=None)
    found = db.session.scalar(
        select(SignIn).where(SignIn.token_hash == digest, SignIn.expires_at > now)
    )
    return found.person if found else None


@login_required
def proposals(slug: str) -> str:
    """List the first proposals."""
    rows = db.paginate(
        select(Proposal)
        .join(Proposal.edition)
        .where(Edition.slug == slug)
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.number),
        per_page=PAGE_SIZE,
    )
    return render_template("list.html", slug=slug, proposals=rows)


@login_required
def sheet(slug: str, number: int) -> str:
    """Show the reader's sheet."""
    own = own_sheet(slug, number)
    criteria = db.session.scalars(
        select(Criterion)
        .where(Criterion.edition_id == own.proposal.edition_id, Criterion.kind == own.kind)
        .order_by(Criterion.position)
    ).all()
    scores = {score.criterion_id: score for score in own.scores}
    return render_template("sheet.html", sheet=own, criteria=criteria, scores=scores)


@login_required
def save(slug: str, number: int) -> str:
    """Save the reader's sheet."""
    own = own_sheet(slug, number)
    if own.version != int(request.form["version"]):
        abort(409)
    for score in own.scores:
        score.value = int(request.form[f"score_{score.criterion_id}"]) * 100
        score.note = request.form[f"note_{score.criterion_id}"]
    own.comment = request.form["comment"]
    own.saved_at = datetime.now(UTC).replace(tzinfo=None)
    db.session.commit()
    return render_template("state.html", sheet=own)


@login_required
def ranking(slug: str) -> str:
    """Show the best proposals."""
    rows = db.paginate(
        select(Standing)
        .join(Standing.proposal)
        .join(Edition, Edition.id == Standing.edition_id)
        .where(Edition.slug == slug, Proposal.status.in_(COMPETING))
        .where(Standing.kind == "presentation")
        .options(joinedload(Standing.proposal).joinedload(Proposal.agency))
        .order_by(Standing.mean.desc().nulls_last(), Standing.proposal_id),
        per_page=PAGE_SIZE,
    )
    return render_template("ranking.html", slug=slug, standings=rows, points=points)


def schedule(slug: str) -> Response:
    """Send the prebuilt calendar of the edition, read again each time."""
    if db.session.scalar(select(Edition).where(Edition.slug == slug)) is None:
        abort(404)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    name = current_app.config["CALENDAR"] + (".gz" if is_packed else "")
    response = Response(Path(name).read_bytes(), mimetype="text/calendar")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def own_sheet(slug: str, number: int) -> Sheet:
    """Return the reader's sheet with its proposal."""
    found = db.session.scalar(
        select(Sheet)
        .join(Sheet.proposal)
        .join(Proposal.edition)
        .where(
            Edition.slug == slug,
            Proposal.number == number,
            Sheet.evaluator_id == current_user.id,
            Sheet.kind == "presentation",
        )
        .options(joinedload(Sheet.proposal).joinedload(Proposal.agency))
    )
    return found or abort(404)


def points(units: int | None) -> str:
    """Write units as points."""
    return "–" if units is None else f"{units / UNIT:.2f}"
