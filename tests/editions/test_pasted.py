"""Agencies as a pasted list: what is read of it, and the pages that add them."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.pasted import MOST_LINES, PastedAgency, initials, read_agencies
from app.editions.units import Agency

KINDS = {"Dinas": "dinas", "Badan": "badan", "Kecamatan": "kecamatan", "Unit lain": "other"}
PRESENT = {"DP": "Dinas Pendidikan"}
PAGE = "/organisations/1/agencies"


def read(text: str, present=PRESENT):
    return read_agencies(text, KINDS, present)


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message % fault.values) for fault in read(text).faults]


def test_a_name_alone_gets_its_kind_by_its_first_word_and_its_initials_as_code():
    found = read("Dinas Kesehatan\n\n  kecamatan   Masamba \nRSUD Andi Djemma\n")
    assert found.new == [
        PastedAgency("Dinas Kesehatan", "DK", "dinas"),
        PastedAgency("kecamatan Masamba", "KM", "kecamatan"),
        PastedAgency("RSUD Andi Djemma", "RAD", "other"),
    ]
    assert (found.known, found.faults) == ([], [])


def test_cells_of_a_spreadsheet_are_read_with_code_kind_and_parent_in_any_order():
    cells = "Nama\tKode\tJenis\tInduk\nPuskesmas Seko\tPKM-S\tUnit lain\tDK-1"
    text = f"{cells}\nDinas Kesehatan;DK-1;dinas"
    assert read(text).new == [
        PastedAgency("Puskesmas Seko", "PKM-S", "other", "DK-1"),
        PastedAgency("Dinas Kesehatan", "DK-1", "dinas"),
    ]


def test_a_parent_is_found_by_its_name_too_and_among_those_that_exist():
    [unit] = read("SDN 1;;;dinas  pendidikan").new
    assert (unit.code, unit.parent) == ("S1", "DP")


def test_who_is_there_already_is_left_out_also_when_named_twice():
    found = read("DINAS PENDIDIKAN\nBadan Riset\nbadan riset")
    assert [unit.name for unit in found.new] == ["Badan Riset"]
    assert found.known == ["DINAS PENDIDIKAN", "badan riset"]


def test_codes_that_are_taken_get_a_number():
    assert [unit.code for unit in read("Dinas Perikanan\nDinas Pertanian").new] == ["DP-2", "DP-3"]
    assert initials("-- ???", taken=()) == "X"


def test_every_fault_names_its_line_and_nothing_is_added():
    text = f";X\nBadan A;DP\nBadan B;;Dinkes\nBadan C;;;Tidak Ada\n{'n' * 201}"
    assert faults(text) == [
        (1, "A line needs a name of at most 200 characters."),
        (2, "The code “DP” is already taken."),
        (3, "There is no kind “Dinkes”."),
        (4, "There is no parent agency “Tidak Ada”."),
        (5, "A line needs a name of at most 200 characters."),
    ]


def test_a_unit_is_not_its_own_parent():
    assert faults("Badan A;A;;A") == [(1, "There is no parent agency “A”.")]


def test_a_list_that_is_too_long_is_refused_at_once():
    [fault] = read("Dinas\n" * (MOST_LINES + 1)).faults
    assert fault.values["count"] == MOST_LINES + 1


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def admin(app, browse):
    return browse(app, "admin")


def names(app) -> set[str]:
    with app.app_context(), transaction(writing=False):
        return set(db.session.scalars(sa.select(Agency.name).filter_by(edition_id=None)))


def test_the_administrator_sees_what_would_be_added_and_adds_it_with_one_press(app, admin):
    text = "Puskesmas Baru;PB;;Dinas Kesehatan\n<b>Badan</b> Riset"
    shown = admin.post(f"{PAGE}/preview", {"list": text})
    assert shown.status_code == 200
    assert "&lt;b&gt;Badan&lt;/b&gt; Riset" in shown
    assert "Puskesmas Baru" not in names(app)
    assert admin.post(f"{PAGE}/list", {"list": text}).status_code == 302
    assert {"Puskesmas Baru", "<b>Badan</b> Riset"} < names(app)
    again = admin.post(f"{PAGE}/list", {"list": text})
    assert again.status_code == 422
    assert "Semua perangkat daerah ini sudah ada." in again


def test_a_list_with_a_fault_adds_nothing_and_keeps_what_was_pasted(app, admin):
    before = names(app)
    text = "Badan Baru\nBadan Lama;;Entah"
    refused = admin.post(f"{PAGE}/list", {"list": text})
    assert refused.status_code == 422
    assert "Baris 2: Jenis “Entah” tidak ada." in refused.html.get_text(" ", strip=True)
    assert refused.html.select_one("textarea[name=list]").text.strip() == text
    assert names(app) == before
