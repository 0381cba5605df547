"""Taking tables in: shown first, whole or not at all, the same file twice changes nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.models import Person
from app.audit.chain import verify_chain
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.demo.moments import WINDOWS
from app.editions.kinds import Role, Stage
from app.editions.models import Edition, Membership
from app.editions.units import Agency
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.web.spreadsheets import Format, write_table
from app.workflow import Status
from tests.cast import address, ask, author_of, chair, judge, screener, submitted
from tests.conftest import E
from tests.dashboard.importing import (
    PAGE,
    UNITS,
    count,
    exported,
    file_again,
    file_of,
    send,
    take_in,
)
from tests.factories import make_member, make_person, the_edition, the_person, the_proposal

MEMBERSHIPS = sa.select(Membership).join(Membership.person)
CHAIRS = sa.select(Person.email).join(Membership).where(Membership.is_chair)
PEOPLE = ("email", "name", "role", "agency_code")


@pytest.mark.field("cases 6", "security F17")
def test_cells_are_made_clean_as_fields_are(app, organiser):
    unit = ("dinas\u200b-x", "Dinas\vPerdagangan\u2028dan \u202eIndustri", "dinas", "")
    send(app, organiser, "agencies", file_of(UNITS, unit))
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        name = sa.select(Agency.name).where(Agency.code == "dinas-x")
        assert db.session.scalar(name) == "Dinas Perdagangan dan Industri"


@pytest.mark.field("cases 6")
def test_lines_of_an_imported_text_stay_lines(app, organiser, code, author):
    columns = ("title", "agency_code", "authors", "text: Ringkasan", "video_url")
    row = ("Dari berkas", code, author, "Baris satu\vbaris dua", "youtu.be/abc123")
    send(app, organiser, "proposals", file_of(columns, row))
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        found = db.session.scalars(sa.select(Proposal).where(Proposal.title == "Dari berkas")).one()
        assert [each.text for each in found.texts] == ["Baris satu\nbaris dua"]
        assert found.video_url == "https://youtu.be/abc123"


@pytest.mark.field("security F27", "security F28")
@pytest.mark.parametrize("name", ["Z" + "\u0300" * 9, "x" * 1001, "\u3164"])
def test_a_cell_that_no_field_would_take_is_a_fault(app, organiser, name):
    text = send(app, organiser, "agencies", file_of(UNITS, ("dinas-x", name, "dinas", "")))
    assert "/application" not in text
    assert "Baris 2" in text or "<td>2</td>" in text


def test_units_are_taken_in_under_their_parents_in_any_order(app, organiser):
    child, parent = (
        ("pkm-x", "Puskesmas Satu", "uptd", "dinas-x"),
        ("dinas-x", "Dinas X", "dinas", ""),
    )
    text = send(app, organiser, "agencies", file_of(UNITS, child, parent))
    assert "2 baru, 0 berubah, 0 tetap" in text
    before = count(app, Agency)
    take_in(app, organiser)
    assert count(app, Agency) == before + 2
    with app.app_context(), transaction(writing=False):
        unit = db.session.scalars(sa.select(Agency).where(Agency.code == "pkm-x")).one()
        above = db.session.get_one(Agency, unit.parent_id)
        assert above.code == "dinas-x"


def test_the_same_file_twice_changes_nothing(app, organiser):
    content = file_of(UNITS, ("dinas-x", "Dinas X", "dinas", ""))
    send(app, organiser, "agencies", content)
    take_in(app, organiser)
    text = send(app, organiser, "agencies", content)
    assert "0 baru, 0 berubah, 1 tetap" in text
    assert "Impor semua" not in text


@pytest.mark.parametrize("kind", [Format.CSV, Format.XLSX])
@pytest.mark.parametrize("table", ["agencies", "people", "proposals"])
def test_what_is_exported_can_be_taken_in_and_changes_nothing(app, organiser, table, kind):
    content = organiser.get(f"{E}/exports/{table}.{kind.value}").body
    text = send(app, organiser, table, content, f"{table}.{kind.value}")
    assert "0 baru, 0 berubah" in text
    assert "perlu diperbaiki" not in text


def test_one_bad_row_among_3000_applies_nothing_and_names_row_column_and_remedy(app, organiser):
    rows = [(f"uptd-{n}", f"Unit {n}", "uptd", "") for n in range(3000)]
    rows[1776] = ("uptd-1776", "Unit 1776", "departemen", "")
    before = count(app, Agency)
    text = send(app, organiser, "agencies", file_of(UNITS, *rows))
    assert "1 hal perlu diperbaiki" in text
    assert "Baris 1778, kind:" in text
    assert "Isi dengan salah satu: Sekretariat" in text
    assert organiser.post(f"{PAGE}/application").status_code == 409
    assert count(app, Agency) == before


def test_3000_rows_are_taken_in_at_once(app, organiser):
    rows = [
        (f"uptd-{n}", f"Unit {n}", "uptd", f"uptd-{n - 1}" if n % 9 else "") for n in range(3000)
    ]
    before = count(app, Agency)
    text = send(app, organiser, "agencies", file_of(UNITS, *rows))
    assert "3000 baru" in text
    take_in(app, organiser)
    assert count(app, Agency) == before + 3000


def test_people_are_invited_once_and_told_their_role(app, organiser):
    letters = count(app, Letter)
    rows = (
        ("baru@kab.example", "Inovator Baru", "innovator", "kominfo"),
        ("baru@kab.example", "Inovator Baru", "screener", ""),
        (address(app, screener), "Verifikator", "observer", ""),
    )
    text = send(app, organiser, "people", file_of(PEOPLE, *rows))
    assert "3 baru" in text
    take_in(app, organiser)
    assert count(app, Letter) == letters + 2
    with app.app_context(), transaction(writing=False):
        person = db.session.scalars(
            sa.select(Person).where(Person.email == "baru@kab.example")
        ).one()
        held = db.session.scalars(
            sa.select(Membership.role).where(Membership.person_id == person.id)
        )
        assert set(held) == {Role.INNOVATOR, Role.SCREENER}
        edition = db.session.scalars(sa.select(Edition)).one()
        assert verify_chain(edition.id).holds
        assert (
            db.session.scalar(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1))
            == "import.apply"
        )


FAULTY_PEOPLE = [
    (("x", "Nama", "observer", ""), "email", "Isi alamat surel"),
    (("a@[.c", "Nama", "observer", ""), "email", "Isi alamat surel"),
    (("a;b@x.example", "Nama", "observer", ""), "email", "Isi alamat surel"),
    (("a@b.example", "", "observer", ""), "name", "wajib diisi"),
    (("a@b.example", "Nama", "king", ""), "role", "Penyelenggara, Verifikator"),
    (
        ("a@b.example", "Nama", "judge", ""),
        "agency_code",
        "Perangkat daerah juri dan inovator wajib diisi",
    ),
    (("a@b.example", "Nama", "judge", "entah"), "agency_code", "tidak dikenal"),
]


@pytest.mark.parametrize(("row", "column", "remedy"), FAULTY_PEOPLE)
def test_a_faulty_person_is_named_with_row_column_and_remedy(app, organiser, row, column, remedy):
    text = send(app, organiser, "people", file_of(PEOPLE, row))
    assert f"Baris 2, {column}:" in text
    assert remedy in text


def proposals_file(*rows: tuple[str, ...]) -> bytes:
    columns = ("title", "agency_code", "category", "authors", "text: Ringkasan", "text: Kelompok")
    return file_of(columns, *rows)


def test_proposals_are_taken_in_as_drafts_of_their_authors(app, organiser, browse, code, author):
    following = count(app, Proposal) + 1
    row = ("Inovasi Impor", code, "Pendidikan", author, "Baris satu\nBaris dua", "Khusus")
    assert "1 baru" in send(app, organiser, "proposals", proposals_file(row))
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        made = the_proposal(following)
        assert (made.title, made.status) == ("Inovasi Impor", Status.DRAFT)
        assert {each.text for each in made.texts} == {"Baris satu\nBaris dua", "Khusus"}
    assert browse(app, author).get(f"{E}/proposals/{following}/draft").status_code == 200
    again = send(app, organiser, "proposals", proposals_file(row))
    assert "0 baru, 0 berubah, 1 tetap" in again


def test_a_submitted_proposal_stands_and_a_strangers_is_refused(app, organiser, number):
    handed_in = ask(app, submitted)[0]
    rows = exported(organiser, "proposals")
    rows[handed_in - 1]["title"] = "Judul lain"
    rows[number - 1]["authors"] = address(app, author_of(handed_in))
    text = send(app, organiser, "proposals", file_again(rows))
    assert f"Baris {handed_in + 1}, title:" in text
    assert "sudah diajukan" in text
    assert f"Baris {number + 1}, authors:" in text


def test_an_organiser_adds_units_and_only_the_administrator_changes_one(app, organiser):
    change = ("kominfo", "Nama lain", "dinas", "")
    text = send(app, organiser, "agencies", file_of(UNITS, change))
    assert "hanya dapat diubah oleh administrator situs" in text
    with app.app_context(), transaction(writing=True):
        person = sa.select(Person).where(Person.email == "sekretariat@luwu-utara.example")
        db.session.scalars(person).one().is_site_admin = True
    assert "1 berubah" in send(app, organiser, "agencies", file_of(UNITS, change))


def test_rule_3_no_import_changes_from_what_a_judge_is_recused_once_scoring_has_opened(
    make_app, browse
):
    app = make_app("scoring")
    organiser = browse(app, "sekretariat")
    row = (address(app, judge), "Juri", "innovator", "inspektorat")
    text = send(app, organiser, "people", file_of(PEOPLE, row))
    assert "Baris 2, role:" in text
    assert "susunan Tim Penilai" in text


def test_the_chair_passes_from_one_row_to_another(app, organiser):
    heir = address(app, judge)
    rows = exported(organiser, "people")
    for row in rows:
        if row["role"] == "judge":
            row["is_chair"] = str(row["email"] == heir)
    assert "2 berubah" in send(app, organiser, "people", file_again(rows))
    take_in(app, organiser)
    assert address(app, chair) == heir


def test_a_new_role_of_somebody_who_has_pledged_is_pledged_too(make_app, browse):
    app = make_app("screening")
    organiser = browse(app, "sekretariat")
    row = (address(app, screener), "Verifikator", "organiser", "")
    send(app, organiser, "people", file_of(PEOPLE, row))
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        held = db.session.scalars(
            sa.select(Membership).where(Membership.person_id == the_person(screener).id)
        ).all()
        assert len(held) == 2
        assert all(each.pledged_at for each in held)


def test_short_rows_and_options_in_another_case_are_read_as_meant(app, organiser, code, author):
    following = count(app, Proposal) + 1
    head = "title,agency_code,authors,text: Kelompok,text: Ringkasan\n"
    content = f"{head}Baru,{code},{author},replikasi\n".encode()
    assert "1 baru" in send(app, organiser, "proposals", content)
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        made = the_proposal(following)
        assert [each.text for each in made.texts] == ["Replikasi"]


def test_a_proposal_never_loses_its_last_author_nor_keeps_an_endorsement(
    app, organiser, number, code
):
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        title = proposal.title
        proposal.endorsed_at, proposal.endorsed_by_id = clock.now(), proposal.authors[0].id
    columns = ("number", "title", "agency_code", "authors")
    text = send(app, organiser, "proposals", file_of(columns, (str(number), title, code, "")))
    assert "Baris 2, authors:" in text
    row = (str(number), "Judul lain", code)
    send(app, organiser, "proposals", file_of(columns[:3], row))
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(number)
        assert (proposal.title, proposal.endorsed_at) == ("Judul lain", None)


def test_nobody_changes_their_own_roles_by_a_file(app, organiser):
    row = ("sekretariat@luwu-utara.example", "S", "observer", "kominfo")
    text = send(app, organiser, "people", file_of(PEOPLE, row))
    assert "penyelenggara lain" in text


def test_a_proposal_is_found_once_however_its_number_is_written(app, organiser, number, code):
    columns = ("number", "title", "agency_code")
    written = (f"{number}", f"P-{number:03}", f"0{number}", "9" * 5000)
    rows = [(form, title, code) for form, title in zip(written, "ABCD", strict=True)]
    text = send(app, organiser, "proposals", file_of(columns, *rows))
    assert "Isinya sama dengan baris 2" in text
    assert "Tidak ada proposal bernomor ini" in text


def test_after_the_deadline_no_file_changes_a_draft(app, organiser, number, code):
    row = (str(number), "Judul lain", code)
    clock.shift(WINDOWS[Stage.SUBMISSION][1] - clock.real_now() + timedelta(hours=1))
    text = send(app, organiser, "proposals", file_of(("number", "title", "agency_code"), row))
    assert "Baris 2, title:" in text


def test_two_columns_of_one_name_and_codes_alike_are_refused(app, organiser):
    twice = b"code,name,kind,name\nx,A,dinas,B\n"
    assert "Dua kolom bernama sama" in send(app, organiser, "agencies", twice)
    alike = file_of(UNITS, ("KOMINFO", "Kominfo", "dinas", ""))
    assert "ditulis “kominfo”" in send(app, organiser, "agencies", alike)


def chair_of(app) -> list[str]:
    return ask(app, lambda connection: list(connection.scalars(CHAIRS)))


@pytest.mark.field("empty 2")
@pytest.mark.parametrize("has_one", [False, True])
def test_a_new_judge_can_be_the_chair(app, organiser, has_one):
    with app.app_context(), transaction(writing=True):
        if not has_one:
            db.session.execute(sa.update(Membership).values(is_chair=False))
    rows = [("ketua@kab.example", "Ketua Baru", "judge", "inspektorat", "yes")]
    if has_one:
        rows.append((address(app, chair), "Ketua Lama", "judge", "kominfo", "tidak"))
    content = file_of((*PEOPLE, "is_chair"), *rows)
    assert "perlu diperbaiki" not in send(app, organiser, "people", content)
    take_in(app, organiser)
    assert chair_of(app) == ["ketua@kab.example"]


@pytest.mark.field("cases 3")
def test_names_with_commas_outside_quotes_are_not_cut(app, organiser):
    content = (
        b"email,role,agency_code,name\r\n"
        b"uji1@kab.example,innovator,kominfo,Dr. H. Andi Contoh, S.Sos., M.Si\r\n"
    )
    text = send(app, organiser, "people", content)
    assert "Baris 2:" in text
    assert "1 hal perlu diperbaiki" in text
    assert organiser.post(f"{PAGE}/application").status_code == 409


@pytest.mark.field("cases 12", "empty 12")
@pytest.mark.parametrize("role", ["innovator", "Inovator", "INNOVATOR", "inovator\u200b"])
def test_a_role_is_named_by_its_code_or_its_label_in_either_language(app, organiser, role):
    text = send(app, organiser, "people", file_of(PEOPLE, ("a@b.example", "A", role, "KOMINFO")))
    assert "1 baru" in text
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        assert [each.role for each in the_memberships("a@b.example")] == [Role.INNOVATOR]


def the_memberships(email: str) -> list[Membership]:
    return list(db.session.scalars(MEMBERSHIPS.where(Person.email == email)))


@pytest.mark.field("empty 12")
def test_the_page_says_beforehand_what_may_stand_in_a_column(organiser):
    text = organiser.get(PAGE).text
    assert "Penyelenggara, Verifikator, Juri" in text
    assert "teks: code, parent_code" in text


@pytest.mark.field("empty 12")
def test_a_fault_names_codes_as_they_are_written(app, organiser):
    with app.app_context(), transaction(writing=True):
        unit = db.session.scalars(sa.select(Agency).where(Agency.code == "bappeda")).one()
        unit.code = "BAPPEDA-Litbang"
    text = send(app, organiser, "people", file_of(PEOPLE, ("a@b.example", "A", "judge", "entah")))
    assert "BAPPEDA-Litbang" in text


FLAGS = [
    *((word, "true") for word in ("TRUE", "ya", "Yes", "1", "x", "✓", "BENAR")),
    *((word, "false") for word in ("TIDAK", "tidak", "no", "FALSE", "0", "", "-")),
    ("mungkin", None),
]


@pytest.mark.field("cases 12")
@pytest.mark.parametrize(("word", "meant"), FLAGS)
def test_yes_and_no_are_read_as_people_write_them(app, organiser, word, meant):
    row = ("uji@kab.example", "Uji", "innovator", "kominfo", word)
    text = send(app, organiser, "people", file_of((*PEOPLE, "is_delegate"), row))
    assert ("Isi dengan ya atau tidak" in text) == (meant is None)
    if meant:
        take_in(app, organiser)
        with app.app_context(), transaction(writing=False):
            (held,) = the_memberships("uji@kab.example")
            assert str(held.is_delegate).lower() == meant


@pytest.mark.field("cases 12")
def test_one_address_with_two_names_is_a_fault(app, organiser):
    rows = (
        ("uji@kab.example", "Budi", "innovator", "kominfo"),
        ("UJI@kab.example", "Bambang", "observer", ""),
    )
    text = send(app, organiser, "people", file_of(PEOPLE, *rows))
    assert "Baris 3, name:" in text
    assert "baris 2" in text


@pytest.mark.field("cases 12", "cases 15")
def test_an_account_keeps_its_name_and_the_preview_says_so(app, organiser, author):
    with app.app_context(), transaction(writing=True):
        name = the_person(lambda _: author).name
        (held,) = (each for each in the_memberships(author) if each.role is Role.INNOVATOR)
        code = held.agency.code
        make_person("Nama Rahasia")
    rows = [
        (author, "Nama Yang Benar", "innovator", code),
        ("nama-rahasia@factory.example", "Nama Lain", "observer", ""),
    ]
    text = send(app, organiser, "people", file_of(PEOPLE, *rows))
    assert "Baris 2, name:" in text
    assert f"“{name}”" in text
    assert "Baris 3, name:" in text
    assert "Nama Rahasia" not in text
    assert "1 tetap" in text


ALIKE = ["Jalan Café", "Jalan Cafe\u0301", "Jalan\u200b Café", "\ufeffJalan\u00a0 Caf\u00e9\u00ad"]


@pytest.mark.field("cases 12", "cases 21")
def test_a_proposal_that_only_looks_the_same_is_the_same(app, organiser, number, code, author):
    with app.app_context(), transaction(writing=True):
        the_proposal(number).title = "Jalan Café"
    for title in ALIKE:
        columns = ("title", "agency_code", "authors")
        content = file_of(columns, (title, code, author))
        assert "0 baru, 0 berubah, 1 tetap" in send(app, organiser, "proposals", content)
    rows = [(title, code, author) for title in ("Baru Café", "Baru Cafe\u0301", "BARU\u2060 CAFÉ")]
    text = send(app, organiser, "proposals", file_of(columns, *rows))
    assert text.count("Isinya sama dengan baris 2") == 2


@pytest.mark.field("cases 12", "cases 21")
def test_an_agency_that_only_looks_the_same_is_the_same(app, organiser):
    kominfo = next(row for row in exported(organiser, "agencies") if row["code"] == "kominfo")
    row = ("komin\u200bfo", kominfo["name"], kominfo["kind"], kominfo["parent_code"] + "\ufeff")
    text = send(app, organiser, "agencies", file_of(UNITS, row))
    assert "0 baru, 0 berubah, 1 tetap" in text
    rows = (("k\u200b1", "Satu", "Dinas", ""), ("k2", "Dua", "dinas", "k1"))
    assert "2 baru" in send(app, organiser, "agencies", file_of(UNITS, *rows))
    take_in(app, organiser)
    with app.app_context(), transaction(writing=False):
        first, second = db.session.scalars(sa.select(Agency).where(Agency.code.in_(["k1", "k2"])))
        assert second.parent_id == first.id


@pytest.mark.field("cases 12")
@pytest.mark.parametrize("separator", ["; ", ",", "\n", ";", " "])
def test_authors_are_separated_as_people_do(app, organiser, code, author, separator):
    with app.app_context(), transaction(writing=True):
        agency = db.session.scalars(sa.select(Agency).where(Agency.code == code)).one()
        other = make_member(the_edition(), "Rekan", Role.INNOVATOR, agency=agency).email
    row = ("Inovasi Uji", code, separator.join((author, other)))
    text = send(app, organiser, "proposals", file_of(("title", "agency_code", "authors"), row))
    assert "1 baru" in text


@pytest.mark.field("cases 12")
def test_a_number_where_a_code_is_meant_is_named_with_its_remedy(app, organiser):
    file = write_table(Format.XLSX, UNITS, [(4, "Dinas Empat", "dinas", "")])
    text = send(app, organiser, "agencies", file, "data.xlsx")
    assert "Baris 2, code:" in text
    assert "Ubah format kolom menjadi teks" in text
