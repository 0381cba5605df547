"""One proposal through all stages over HTTP, without JavaScript, on an edition made in the app."""

import re
from datetime import UTC, datetime, timedelta

from webtest import Checkbox, Form, Select, Upload

from app import clock
from app.accounts.actions import person_named
from app.accounts.secrets import hash_password
from app.cli import JOBS
from app.database import db, transaction
from app.demo.moments import PDF
from app.jobs import worker
from app.mail.models import Letter
from tests.clients import fields_of, names_of, send
from tests.plenaries import prepare

EDITION = "/editions/kota-2027"
PASSWORD = "a long enough password"
START = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


def at(days: float) -> str:
    """A local time (WITA) so many days after the start, as a form writes it."""
    return (START + timedelta(days=days, hours=8)).strftime("%Y-%m-%dT%H:%M")


def move_clock(days: float) -> None:
    clock.shift(START + timedelta(days=days) - clock.real_now())


def link_in_newest_mail(app) -> str:
    with app.app_context(), transaction(writing=False):
        body = db.session.scalar(db.select(Letter.body).order_by(Letter.id.desc()).limit(1))
    return re.search(r"http://[^/]+(/links/\S+)", body)[1]


def join(app, browse, organiser, email: str, **role: object):
    """Invite somebody and let them set their password by the link of the mail."""
    answer = organiser.post(
        f"{EDITION}/people", {"email": email, "name": email.split("@", maxsplit=1)[0], **role}
    )
    assert answer.status_code == 302
    return welcome(app, browse)


def welcome(app, browse):
    """Let who is invited set their password by the link of the mail; it signs them in."""
    browser = browse(app)
    answer = browser.fill(link_in_newest_mail(app), password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 302
    return browser


def test_a_proposal_goes_through_all_stages(make_app, browse):  # noqa: PLR0915 -- one story
    app = make_app()
    move_clock(0)
    with app.app_context(), transaction(writing=True):
        admin = person_named("admin@kota.example", "Admin", now=clock.real_now())
        admin.password_hash, admin.is_site_admin = hash_password(PASSWORD), True
    admin = browse(app)
    admin.fill("/sign-in", email="admin@kota.example", password=PASSWORD)

    # The administrator makes the organisation, its agencies and the edition.
    answer = admin.post("/organisations", {"name": "Pemerintah Kota"})
    organisation = answer.headers["Location"]
    for name, code in (("Dinas Kesehatan", "dinkes"), ("Bappeda", "bappeda"), ("Setda", "setda")):
        data = {"name": name, "code": code, "kind": "dinas", "parent": "0", "can_enter": "y"}
        assert admin.post(f"{organisation}/agencies", data).status_code == 302
    edition = {
        "name": "KIPP Kota 2027",
        "name_en": "",
        "slug": "kota-2027",
        "source": "template:kipp-kabupaten",
        "first_day": "2027-03-21",
        "days": "1",
        "organiser": "sekretariat@kota.example",
    }
    assert admin.post(f"{organisation}/editions", edition).status_code == 302
    organiser = welcome(app, browse)

    # The organiser sets the windows and invites people.
    windows = {"submission": (0, 5), "screening": (5, 10), "picking": (10, 15), "scoring": (20, 25)}
    for stage, (opens, closes) in windows.items():
        data = {"opens_at": at(opens), "closes_at": at(closes), "reason": ""}
        assert organiser.post(f"{EDITION}/windows/{stage}", data).status_code == 302
    people = organiser.get(f"{EDITION}/people").text
    agencies = {
        name: number
        for number, name in re.findall(r'<option value="(\d+)">([^<]+)</option>', people)
    }
    innovator = join(
        app,
        browse,
        organiser,
        "inovator@kota.example",
        role="innovator",
        agency=agencies["Dinas Kesehatan"],
    )
    screeners = [
        join(app, browse, organiser, f"verifikator{n}@kota.example", role="screener", agency="0")
        for n in (1, 2)
    ]
    judge = join(
        app,
        browse,
        organiser,
        "juri@kota.example",
        role="judge",
        agency=agencies["Bappeda"],
        is_chair="y",
    )

    assert organiser.fill(f"{EDITION}/settings", quorum="1").status_code == 302

    # The innovator writes, attaches, submits.
    move_clock(1)
    draft = innovator.post(f"{EDITION}/proposals").headers["Location"]
    assert send(written(innovator.form(draft, "/draft"))).status_code == 302
    documents = innovator.get(f"{EDITION}/proposals/1/documents").text
    for number in re.findall(r'id="document_(\d+)"', documents)[:3]:
        form = innovator.form(f"{EDITION}/proposals/1/documents", f"/documents/{number}")
        form["file"] = Upload("surat.pdf", PDF)
        assert send(form).status_code == 302
    assert innovator.post(f"{EDITION}/proposals/1/submission").status_code == 302
    assert "SHA-256" in innovator.get(f"{EDITION}/proposals/1").text

    # The committee screens, decides, announces.
    move_clock(6)
    for bound in (organiser, judge, *screeners):
        assert bound.post(f"{EDITION}/pledge").status_code == 302
    assert organiser.post(f"{EDITION}/assignment").status_code == 302
    with app.app_context():
        assert worker.run_next(JOBS, now=clock.now)
    assert organiser.post(f"{EDITION}/assignment/sheets").status_code == 302
    checklist = screeners[0].form(f"{EDITION}/proposals/1/eligibility")
    for name in names_of(checklist, "finding_"):
        checklist[name] = "meets"
    assert send(checklist).status_code == 302
    for screener in screeners:
        lock_sheet(screener, "desk", "80")
    decision = {"outcome": "finalist", "reason": "", "correct_until": ""}
    assert organiser.post(f"{EDITION}/proposals/1/decision", decision).status_code == 302
    before = innovator.get(f"{EDITION}/proposals/1").text
    assert "Finalis" not in before
    preview = organiser.get(f"{EDITION}/announcement").text
    assert "inovator@kota.example" in preview
    assert organiser.post(f"{EDITION}/announcement").status_code == 302
    assert "Finalis" in innovator.get(f"{EDITION}/proposals/1").text

    # The innovator picks a slot, the organiser publishes.
    assert organiser.post(f"{EDITION}/slots").status_code == 302
    move_clock(11)
    slots = innovator.get(f"{EDITION}/slots").text
    slot = re.search(r'id="slot-(\d+)"', slots)[1]
    assert innovator.post(f"{EDITION}/slots/{slot}/booking", {"proposal": "1"}).status_code == 302
    assert "BEGIN:VEVENT" not in admin.get(f"{EDITION}/schedule.ics").text
    published = {"expected": "1", "note": "Jadwal resmi"}
    assert organiser.post(f"{EDITION}/schedule/versions", published).status_code == 302
    assert "BEGIN:VEVENT" in admin.get(f"{EDITION}/schedule.ics").text

    # The judge scores; the plenary prepares; the chair confirms; everyone reads it.
    move_clock(20.5)
    assert organiser.post(f"{EDITION}/scoring").status_code == 302
    lock_sheet(judge, "presentation", "87,5")
    ranking = organiser.get(f"{EDITION}/ranking").text
    assert "84,50" in ranking  # 40 % of 80 and 60 % of 87.5
    asked = prepare(organiser, at=EDITION)
    assert asked.status_code == 422
    empty = [each["value"] for each in asked.html.select("input[name=empty]")]
    assert prepare(organiser, {"empty": empty}, at=EDITION).status_code == 302
    early = {"publish_at": at(21)}
    assert organiser.post(f"{EDITION}/plenary/confirmation", early).status_code == 403
    assert judge.fill(f"{EDITION}/plenary", "/plenary/confirmation", **early).status_code == 302
    organiser.post(f"{EDITION}/publicity")
    stranger = browse(app)
    assert "Kesraku" not in stranger.get(f"{EDITION}/results").text
    move_clock(21.1)
    assert "Kesraku" in stranger.get(f"{EDITION}/results").text
    feedback = innovator.get(f"{EDITION}/proposals/1/feedback").text
    assert "87,50" in feedback
    result = app.test_cli_runner().invoke(args=["audit", "verify", "kota-2027"])
    assert result.exit_code == 0, result.output


def lock_sheet(evaluator, kind: str, score: str) -> None:
    path = f"{EDITION}/proposals/1/sheets/{kind}"
    sheet = evaluator.form(path, f"/sheets/{kind}")
    for name in names_of(sheet, "score_"):
        sheet[name] = score
    sheet["comment"] = "Baik."
    assert evaluator.post(f"{path}/lock", fields_of(sheet)).status_code == 302


def written(draft: Form) -> Form:
    """The form of a draft, with everything that it asks for."""
    for name in names_of(draft, "section_"):
        field = draft.fields[name][0]
        if field.tag == "textarea":
            draft[name] = "Teks uji."
        elif isinstance(field, Select):
            draft[name] = "Umum"
        elif isinstance(field, Checkbox):
            draft[name] = ["1. Tanpa kemiskinan", "5. Kesetaraan gender"]
    draft["category_id"].select(text="Pelayanan kesehatan")
    draft["title"], draft["started_on"] = "Kesraku", "2025-01-01"
    draft["video_url"] = "https://video.example/1"
    return draft
