"""An edition's rules: made from data, changed as data, guarded."""

import re
from decimal import Decimal
from urllib.parse import unquote_plus

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.models import Person
from app.database import db, transaction
from app.demo.moments import MOMENTS
from app.editions.kinds import SheetKind
from app.editions.models import Edition, Membership
from app.editions.parts import Criterion, Section
from app.editions.queries import locked_edition
from app.editions.rules import PARTS, WHOLE, rules_of_template, template_names, weights_total
from app.mail.models import Letter
from tests.cast import Part, address, ask, author_of, chair, innovator, judge, unplaced
from tests.clients import fields_of
from tests.conftest import SLUG, E
from tests.factories import the_person
from tests.schedule.bookings import book, free


@pytest.fixture
def app(make_app):
    return make_app("draft")


def rows_of(browser, part: str) -> dict:
    """The fields of a list's table as a browser would send them back."""
    return fields_of(browser.form(f"{E}/settings/{part}"))


@pytest.mark.parametrize("name", template_names())
def test_the_weights_of_every_template_total_exactly_100_of_each_kind(name):
    for kind in SheetKind:
        weights = [c["weight"] for c in rules_of_template(name)["criteria"] if c["kind"] is kind]
        assert sum(weights, Decimal(0)) == WHOLE


def test_saving_a_list_unchanged_keeps_every_row(app, browse):
    organiser = browse(app, "sekretariat")
    for part in (
        "categories",
        "eligibility_items",
        "documents",
        "sections",
        "criteria",
        "breaks",
        "award_categories",
        "days",
    ):
        before = rows_of(organiser, part)
        assert organiser.post(f"{E}/settings/{part}", before).status_code == 302, part
        after = rows_of(organiser, part)
        before.pop("version"), after.pop("version")
        if part == "days":
            before, after = (
                {k: v for k, v in each.items() if not k.endswith("-id")} for each in (before, after)
            )
        assert after == before, part


def test_a_row_is_added_moved_and_removed(app, browse):
    organiser = browse(app, "sekretariat")
    fields = rows_of(organiser, "categories")
    fields |= {"rows-6-name": "Lainnya", "rows-6-place": "0", "rows-5-name": ""}
    fields["rows-5-name"] = "Lingkungan"
    assert organiser.post(f"{E}/settings/categories", fields).status_code == 302
    after = rows_of(organiser, "categories")
    assert after["rows-0-name"] == "Lainnya"
    assert after["rows-6-name"] == "Lingkungan"


def test_a_row_in_use_is_not_removed_and_nothing_else_is_changed(app, browse):
    organiser = browse(app, "sekretariat")
    fields = rows_of(organiser, "sections") | {"rows-3-name": "", "rows-4-name": "Diubah"}
    answer = organiser.post(f"{E}/settings/sections", fields)
    assert answer.status_code == 409
    with app.app_context(), transaction(writing=False):
        names = set(db.session.scalars(sa.select(Section.name)))
    assert "Ringkasan" in names
    assert "Diubah" not in names


BAD = [
    ("criteria", "rows-0-weight", "10,005"),
    ("criteria", "rows-0-weight", "0"),
    ("criteria", "rows-0-weight", "101"),
    ("criteria", "rows-0-weight", "x"),
    ("criteria", "rows-0-kind", "other"),
    ("sections", "rows-0-word_limit", "0"),
    ("sections", "rows-0-word_limit", "99999999999999999999"),
    ("breaks", "rows-0-ends_at", "08:00"),
    ("breaks", "rows-0-ends_at", "25:00"),
    ("days", "rows-0-name", "2019-13-01"),
    ("award_categories", "rows-0-places", "-1"),
]


@pytest.mark.parametrize(("part", "field", "value"), BAD)
def test_a_bad_row_is_422_and_stays_as_typed(app, browse, part, field, value):
    organiser = browse(app, "sekretariat")
    answer = organiser.post(f"{E}/settings/{part}", rows_of(organiser, part) | {field: value})
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.text or field.endswith("kind")


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [("criteria", "rows-0-tie_break", "1"), ("days", "rows-1-name", "2019-10-05")],
)
def test_what_stands_twice_is_409(app, browse, part, field, value):
    organiser = browse(app, "sekretariat")
    answer = organiser.post(f"{E}/settings/{part}", rows_of(organiser, part) | {field: value})
    assert answer.status_code == 409


def test_two_tabs_do_not_overwrite_each_other(app, browse):
    organiser = browse(app, "sekretariat")
    stale = rows_of(organiser, "categories")
    assert (
        organiser.post(f"{E}/settings/categories", stale | {"rows-0-name": "Satu"}).status_code
        == 302
    )
    assert (
        organiser.post(f"{E}/settings/categories", stale | {"rows-0-name": "Dua"}).status_code
        == 409
    )


def test_a_pick_meanwhile_does_not_make_the_settings_stale(make_app, browse):
    app = make_app("picking")
    number = ask(app, unplaced)[0]
    organiser, author = browse(app, "sekretariat"), browse(app, author_of(number))
    fields = rows_of(organiser, "categories")
    assert book(author, free(author)[0], number).status_code == 302
    assert organiser.post(f"{E}/settings/categories", fields).status_code == 302


def test_no_sheet_is_handed_out_unless_the_weights_total_100(make_app, browse):
    app = make_app("draft")
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        assert weights_total(edition, SheetKind.DESK) == WHOLE
        db.session.scalar(sa.select(Criterion).where(Criterion.tie_break == 1)).weight = Decimal(29)
    clock.shift(MOMENTS["screening"] - clock.real_now())
    answer = browse(app, "sekretariat").post(f"{E}/assignment")
    assert answer.status_code == 409
    assert "harus berjumlah tepat 100" in answer.text


def test_criteria_stand_once_a_sheet_is_handed_out(make_app, browse):
    organiser = browse(make_app("screening"), "sekretariat")
    fields = rows_of(organiser, "criteria") | {"rows-0-weight": "11"}
    answer = organiser.post(f"{E}/settings/criteria", fields)
    assert answer.status_code == 409
    assert 'value="11"' in answer.text


@pytest.mark.parametrize("part", PARTS)
def test_once_scoring_has_opened_a_list_is_only_shown(make_app, browse, part):
    app = make_app("scoring")
    page = browse(app, "sekretariat").get(f"{E}/settings/{part}")
    with app.app_context(), transaction(writing=False):
        kept = len(getattr(db.session.scalars(sa.select(Edition).filter_by(slug=SLUG)).one(), part))
    form = page.text.split("<form")[-1].split("</form>")[0]
    assert form.count("<tr>") == (kept + 1 if kept else 0)
    assert ("Tidak ada yang diatur di sini" in page.text) is (not kept)
    assert "kosongkan" not in page.text


def test_a_day_is_removed_by_its_date_and_other_rows_by_their_names(app, browse):
    organiser = browse(app, "sekretariat")
    assert "kosongkan tanggalnya" in organiser.get(f"{E}/settings/days").text
    assert "kosongkan namanya" in organiser.get(f"{E}/settings/rooms").text


def test_tie_breaks_can_be_swapped(app, browse):
    organiser = browse(app, "sekretariat")
    fields = rows_of(organiser, "criteria")
    ties = {value: name for name, value in fields.items() if name.endswith("tie_break")}
    one, two = ties["1"], ties["2"]
    answer = organiser.post(f"{E}/settings/criteria", fields | {one: "2", two: "1"})
    assert answer.status_code == 302


def test_a_row_with_a_senseless_id_is_a_new_row_and_no_failure(app, browse):
    organiser = browse(app, "sekretariat")
    fields = rows_of(organiser, "breaks") | {"rows-0-id": "abc"}
    assert organiser.post(f"{E}/settings/breaks", fields).status_code == 302


def test_an_invitation_works_although_the_domains_clock_stands_in_2019(app, browse):
    organiser = browse(app, "sekretariat")
    data = {"email": "baru@contoh.example", "name": "Baru", "role": "screener", "agency": "0"}
    assert organiser.post(f"{E}/people", data).status_code == 302
    with app.app_context(), transaction(writing=False):
        body = db.session.scalar(sa.select(Letter.body).order_by(Letter.id.desc()).limit(1))
    link = re.search(r"http://[^/]+(/links/\S+)", body)[1]
    assert browse(app).get(link).status_code == 200


def test_a_refused_role_adds_nobody_and_keeps_what_was_typed(app, browse):
    organiser = browse(app, "sekretariat")
    data = {"email": "ketua@contoh.example", "name": "Ketua Kedua", "role": "judge"}
    answer = organiser.post(f"{E}/people", data | {"agency": "1", "is_chair": "y"})
    assert answer.status_code == 409
    assert 'value="Ketua Kedua"' in answer.text
    with app.app_context(), transaction(writing=False):
        found = sa.select(sa.func.count()).where(Person.email == "ketua@contoh.example")
        assert db.session.scalar(found) == 0


def test_the_tree_of_agencies_stands_while_an_edition_is_scored(make_app, browse):
    admin = browse(make_app("scoring"), "admin")
    page = admin.get("/organisations/1").text
    dinkes = re.search(r"/agencies/(\d+)\">Dinas Kesehatan<", page)[1]
    kominfo = re.search(r"/agencies/(\d+)\">Dinas Komunikasi dan Informatika<", page)[1]
    data = {"name": "Dinas Kesehatan", "kind": "dinas", "parent": kominfo}
    assert admin.post(f"/organisations/1/agencies/{dinkes}", data).status_code == 409


def test_moving_a_stage_that_has_begun_needs_a_reason_which_is_recorded(app, browse):
    organiser = browse(app, "sekretariat")
    times = {"opens_at": "2019-09-02T08:00", "closes_at": "2019-09-18T16:00"}
    path = f"{E}/windows/submission"
    assert organiser.post(path, times | {"reason": ""}).status_code == 422
    assert organiser.post(path, times | {"reason": "Situs sempat terganggu"}).status_code == 302
    assert "Situs sempat terganggu" in organiser.get(f"{E}/audit").text


def test_a_window_that_closes_before_it_opens_is_422(app, browse):
    times = {"opens_at": "2019-10-03T08:00", "closes_at": "2019-10-02T16:00", "reason": ""}
    assert browse(app, "sekretariat").post(f"{E}/windows/picking", times).status_code == 422


def test_next_years_edition_is_made_from_this_one_without_its_people(app, browse):
    admin = browse(app, "admin")
    admin.get("/organisations/1")
    data = {
        "name": "KIPP 2020",
        "name_en": "",
        "slug": "luwu-utara-2020",
        "source": "edition:1",
        "first_day": "2020-10-05",
        "days": "2",
        "organiser": "sekretariat@luwu-utara.example",
    }
    assert admin.post("/organisations/1/editions", data).status_code == 302
    with app.app_context(), transaction(writing=False):
        old, new = db.session.scalars(sa.select(Edition).order_by(Edition.id)).all()
        for part in (
            "sections",
            "criteria",
            "eligibility_items",
            "documents",
            "award_categories",
            "breaks",
        ):
            assert [row.name for row in getattr(new, part)] == [
                row.name for row in getattr(old, part)
            ]
        assert [str(day.date) for day in new.days] == ["2020-10-05", "2020-10-06"]
        assert new.venue == old.venue
        assert not new.is_public
    assert browse(app).get("/editions/luwu-utara-2020").status_code == 302
    assert admin.post("/organisations/1/editions", data).status_code == 409


def test_an_agency_can_not_stand_below_itself(app, browse):
    admin = browse(app, "admin")
    page = admin.get("/organisations/1").text
    dinkes = re.search(r"/agencies/(\d+)\">Dinas Kesehatan<", page)[1]
    puskesmas = re.search(r"/agencies/(\d+)\">Puskesmas Masamba<", page)[1]
    data = {"name": "Dinas Kesehatan", "kind": "dinas", "parent": puskesmas}
    assert admin.post(f"/organisations/1/agencies/{dinkes}", data).status_code == 422


def membership_of(app, who: Part) -> int:
    with app.app_context(), transaction(writing=False):
        held = sa.select(Membership.id).where(Membership.person_id == the_person(who).id)
        return db.session.scalars(held).one()


def test_the_chair_can_be_passed_on_while_scoring(make_app, browse):
    app = make_app("scoring")
    organiser = browse(app, "sekretariat")
    former, heir = browse(app, chair), browse(app, judge)
    assert heir.get(f"{E}/proposals/1/reopening").status_code == 403
    chosen = membership_of(app, judge)
    assert organiser.post(f"{E}/people/{chosen}/chair").status_code == 302
    assert heir.get(f"{E}/proposals/1/reopening").status_code == 200
    assert former.get(f"{E}/proposals/1/reopening").status_code == 403
    unfit = membership_of(app, innovator)
    assert organiser.post(f"{E}/people/{unfit}/chair").status_code == 422


def test_somebody_known_is_told_of_a_new_role_in_their_language(make_app, browse):
    app = make_app("picking")
    email = address(app, "pengamat")
    with app.app_context(), transaction(writing=True):
        the_person(email).language = "en"
    role = {"email": email, "name": "Pengamat", "role": "screener", "agency": "0", "title": ""}
    assert browse(app, "sekretariat").post(f"{E}/people", role).status_code == 302
    with app.app_context(), transaction(writing=False):
        letter = db.session.scalars(
            sa.select(Letter).where(Letter.recipient == email).order_by(Letter.id.desc())
        ).first()
        english = db.session.scalar(sa.select(Edition.name_en))
        assert english
        assert letter.subject == f"Your role in {english}"
        assert "Screener" in letter.body


def test_rule_3_a_host_that_judges_too_is_pointed_out(make_app, browse):
    organiser = browse(make_app("picking"), "sekretariat")
    assert "Perangkat daerah penyelenggara ikut menilai" in organiser.get(f"{E}/conflicts").text
    assert organiser.fill(f"{E}/settings", host_id="0").status_code == 302
    assert "Perangkat daerah penyelenggara ikut menilai" not in organiser.get(f"{E}/conflicts").text


def test_weights_that_do_not_total_100_are_told_at_once_and_shown_to_nobody(make_app, browse):
    app = make_app("draft")
    organiser = browse(app, "sekretariat")
    public = browse(app)
    assert "10,00" in public.get(E).html.select_one("table").text
    form = organiser.form(f"{E}/settings/criteria")
    form["rows-0-weight"] = "11,00"
    saved = organiser.get(form.submit().location)
    warning = saved.html.select_one(".ds-alert[data-color=warning]").text
    assert "jumlah bobot harus tepat 100" in warning
    assert public.get(E).html.select("table") == []
    assert "Penyelenggara masih menetapkan bobot aspek penilaian." in public.get(E)
    form = organiser.form(f"{E}/settings/criteria")
    form["rows-0-weight"] = "10,00"
    assert "Tersimpan." in organiser.get(form.submit().location)
    assert "10,00" in public.get(E).html.select_one("table").text


def test_the_secretariats_contact_stands_at_the_foot_of_every_page(make_app, browse):
    app = make_app("published")
    organiser = browse(app, "sekretariat")
    contact = "Bagian Organisasi, organisasi@kab.example <b>"
    assert organiser.fill(f"{E}/settings", contact=contact).status_code == 302
    for path in ("", "/results", "/schedule", "/innovations/1"):
        footer = browse(app).get(f"{E}{path}").html.select_one("footer")
        assert contact in footer.text
        assert footer.select_one("a")["href"] == "mailto:organisasi@kab.example"


def test_a_result_and_a_letter_can_be_passed_on_by_whatsapp(make_app, browse):
    app = make_app("published")
    link = browse(app).get(f"{E}/results").html.select_one('a[href^="https://wa.me/?text="]')
    text = unquote_plus(link["href"])
    assert "1. Kesraku – Dinas Pendidikan" in text
    assert text.endswith(f"{E}/results")
    organiser = browse(app, "sekretariat")
    letter = organiser.get(f"{E}/mail").html.select_one("tbody .main a")["href"]
    page = organiser.get(letter)
    shared = page.html.select_one('a[href^="https://wa.me/?text="]')
    assert page.html.h1.text in unquote_plus(shared["href"])
