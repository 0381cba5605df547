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
from sqlalchemy import ForeignKey, case, func, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:
    import sqlite3 as sqlite

PAGE_SIZE = 30
COMPETING = ("finalist", "presented")
GONE = ("withdrawn", "disqualified", "ineligible")
UNDECIDED = ("submitted", "eligible", "returned")
MOMENT = datetime(2019, 10, 5, 2, 35, tzinfo=UTC).replace(tzinfo=None)  # the demo's, at scoring
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
    "saved.html": """<div id="state">
<input type="hidden" name="version" value="{{ proposal.version }}">
<p>Disimpan {{ proposal.saved_at }}</p></div>""",
    "draft.html": """{% extends "base.html" %}{% block title %}{{ proposal.title }}{% endblock %}
{% block content %}<h1>{{ proposal.title }}</h1><form method="post">
<input name="title" value="{{ proposal.title }}">
{% for text in texts %}<textarea name="section_{{ text.section_id }}">{{ text.text }}</textarea>
{% endfor %}{% include "saved.html" %}<button>Simpan</button></form>{% endblock %}""",
    "cockpit.html": """{% extends "base.html" %}{% block title %}Ikhtisar{% endblock %}
{% block content %}<h1>Ikhtisar</h1><ul>{% for label, count, whole in tiles %}
<li><strong>{{ count }}{% if whole %}<span> / {{ whole }}</span>{% endif %}</strong>
{{ label }}</li>{% endfor %}</ul><ul>{% for name, count, since in overdue %}
<li>{{ name }}: {{ count }}, {{ since }}</li>{% endfor %}</ul>{% endblock %}""",
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
    finalists: Mapped[int]


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
    saved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    edition: Mapped[Edition] = relationship()
    agency: Mapped[Agency] = relationship()
    texts: Mapped[list["SectionText"]] = relationship(order_by="SectionText.section_id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form


class Section(Base):
    """A part of the proposal's form."""

    __tablename__ = "section"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]


class SectionText(Base):
    """What was written in a section."""

    __tablename__ = "section_text"
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)
    text: Mapped[str]
    section: Mapped[Section] = relationship(lazy="joined")


class Author(Base):
    """Who wrote a proposal."""

    __tablename__ = "author"
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Booking(Base):
    """Which slot a proposal has in the draft."""

    __tablename__ = "booking"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int | None]


class Appearance(Base):
    """When a proposal is presented."""

    __tablename__ = "appearance"
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    ends_at: Mapped[datetime]


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
    locked_at: Mapped[datetime | None]
    participation: Mapped[str]
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
    app.add_url_rule(f"{edition}/cockpit", view_func=cockpit)
    draft_rule = f"{edition}/proposals/<int:number>/draft"
    app.add_url_rule(draft_rule, view_func=draft)
    app.add_url_rule(draft_rule, view_func=save_draft, methods=["POST"])
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
def draft(slug: str, number: int) -> str:
    """Show the reader's draft."""
    own = own_draft(slug, number)
    return render_template("draft.html", proposal=own, texts=own.texts)


@login_required
def save_draft(slug: str, number: int) -> str:
    """Save the reader's draft: the same rows."""
    own = own_draft(slug, number)
    if own.version != int(request.form["version"]):
        abort(409)
    own.title = request.form["title"]
    for text in own.texts:
        if text.section.kind == "text":
            text.text = request.form[f"section_{text.section_id}"]
    own.saved_at = datetime.now(UTC).replace(tzinfo=None)
    db.session.commit()
    return render_template("saved.html", proposal=own)


@login_required
def cockpit(slug: str) -> str:
    """Show how many there are of everything, and who is late with their sheets."""
    edition = db.session.scalars(select(Edition).where(Edition.slug == slug)).one()
    own = Proposal.edition_id == edition.id
    by_status = select(Proposal.status, func.count()).where(own).group_by(Proposal.status)
    counts = dict(db.session.execute(by_status).tuples().all())
    competing = sum(counts.get(status, 0) for status in COMPETING)
    booked = select(Booking.proposal_id)
    is_unplaced = (Proposal.status == "finalist", Proposal.id.not_in(booked))
    unplaced = db.session.scalar(select(func.count()).where(own, *is_unplaced))
    is_locked = case((Sheet.locked_at.is_not(None), 1), else_=0)
    counting = (own, Proposal.status.not_in(GONE), Sheet.participation == "counts")
    sheets = db.session.execute(
        select(Sheet.kind, func.sum(is_locked), func.count())
        .join(Sheet.proposal)
        .where(*counting)
        .group_by(Sheet.kind)
    ).all()
    locked, total = next((row[1], row[2]) for row in sheets if row[0] == "presentation")
    overdue = db.session.execute(
        select(Person.name, func.count(), func.min(Appearance.ends_at))
        .join(Sheet, Sheet.evaluator_id == Person.id)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .join(Appearance, Appearance.proposal_id == Proposal.id)
        .where(*counting, Sheet.locked_at.is_(None), Appearance.ends_at <= MOMENT)
        .group_by(Person.id)
        .order_by(Person.name)
    ).all()
    tiles = [
        ("Draf", counts.get("draft", 0), None),
        ("Diajukan", sum(counts.values()) - counts.get("draft", 0), None),
        ("Belum diputus", sum(counts.get(status, 0) for status in UNDECIDED), None),
        ("Finalis", competing, edition.finalists),
        ("Terjadwal", competing - unplaced, competing),
        ("Lembar", locked, total),
    ]
    return render_template("cockpit.html", tiles=tiles, overdue=overdue)


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


def own_draft(slug: str, number: int) -> Proposal:
    """Return the reader's draft with its texts."""
    found = db.session.scalar(
        select(Proposal)
        .join(Proposal.edition)
        .join(Author, Author.proposal_id == Proposal.id)
        .where(Edition.slug == slug, Proposal.number == number)
        .where(Author.person_id == current_user.id, Proposal.status == "draft")
        .options(selectinload(Proposal.texts))
    )
    return found or abort(404)


def points(units: int | None) -> str:
    """Write units as points."""
    return "–" if units is None else f"{units / UNIT:.2f}"
