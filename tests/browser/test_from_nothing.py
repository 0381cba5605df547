"""A fair from an empty database to its result in Chromium, in WIB, with what goes wrong on the way.

Two rooms have a panel each and share an alternate. A judge declares a conflict after locking the
sheet, another never scores what they heard, and two works are equal at the last place.
"""

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from app import clock
from app.demo.moments import PDF
from tests.browser.conftest import PHONE, WIDE
from tests.browser.settling import settle
from tests.browser.steps import (
    assign_sheets,
    find_eligible,
    lock_sheet,
    pick_slot,
    prepare_finalists,
    sign_pledge,
    submit,
)

pytestmark = pytest.mark.browser

FAIR = "/editions/pameran"
WIB = ZoneInfo("Asia/Jakarta")
TODAY = clock.real_now().astimezone(WIB).replace(hour=6, minute=0, second=0, microsecond=0)
CLOSING, SCREENED, PICKED, FIRST_DAY = (TODAY + timedelta(days=days) for days in (10, 20, 25, 30))
EVENING = FIRST_DAY + timedelta(days=2, hours=14)
PASSWORD = "kata sandi pameran"

AGENCIES = """code,kind,name
sd-1,other,SD 1
sd-2,other,SD 2
smp-1,other,SMP 1
smp-2,other,SMP 2
univ,other,Universitas
"""
PEOPLE = """email,name,role,agency_code,is_chair
penilai-1@fair.example,Penilai 1,screener,,
penilai-2@fair.example,Penilai 2,screener,,
juri-1@fair.example,Juri 1,judge,univ,yes
juri-2@fair.example,Juri 2,judge,sd-1,
juri-3@fair.example,Juri 3,judge,univ,
juri-4@fair.example,Juri 4,judge,univ,
juri-5@fair.example,Juri 5,judge,univ,
siswa-1@fair.example,Siswa 1,innovator,sd-1,
siswa-2@fair.example,Siswa 2,innovator,sd-2,
siswa-3@fair.example,Siswa 3,innovator,smp-1,
siswa-4@fair.example,Siswa 4,innovator,smp-2,
siswa-5@fair.example,Siswa 5,innovator,smp-2,
"""
PANELS = {
    "Aula": (("Juri 1", "Juri 2"), "Juri 5"),
    "Laboratorium": (("Juri 3", "Juri 4"), "Juri 5"),
}
QUORUM = {"Aula": "2", "Laboratorium": "1"}  # where the second judge will fall ill
SCORES = {1: 90, 2: 85, 3: 80, 4: 80, 5: 70}  # by number: two are equal at the third place
NUMBERS = tuple(SCORES)


@pytest.fixture
def fair(live, visit):
    """The server without anything in it, and one browser for each account that is asked for."""
    server, visitors = live(None), {}

    def as_(name: str | None = None):
        if name not in visitors:
            width = PHONE if name and name.startswith(("juri", "siswa")) else WIDE
            visitors[name] = visit(server, name and f"{name}@fair.example", width=width)
        return visitors[name]

    return server, as_


@pytest.mark.one_database
def test_a_fair_from_an_empty_database_to_its_result(fair):
    server, as_ = fair
    make_edition(server, as_)
    accept_invitation(server, as_)
    take_in_people(server, as_("panitia"))
    set_rules(as_("panitia"))
    for number in NUMBERS:
        write_and_submit(as_(f"siswa-{number}"), number)

    server.move_to(CLOSING + timedelta(hours=2))
    screen(server, as_)

    server.move_to(SCREENED + timedelta(hours=2))
    make_panels(as_("panitia"))
    for number in NUMBERS:
        pick_slot(as_(f"siswa-{number}"), FAIR)

    server.move_to(PICKED + timedelta(hours=2))
    publish_schedule(server, as_)

    server.move_to(EVENING)
    score(as_)
    agree_to_late_conflict(as_)
    go_on_without_absent_judge(as_)
    decide(as_)

    server.move_to(EVENING + timedelta(days=1))
    results = as_().open(f"{FAIR}/results").inner_text("#winners")
    assert [number for number in NUMBERS if title_of(number) in results] == [1, 2, 4]
    assert "Juara pameran" in results
    feedback = as_("siswa-5").open(f"{FAIR}/proposals/5/feedback").inner_text("main")
    assert "Rata-rata" in feedback


def title_of(number: int) -> str:
    return f"Karya nomor {number}"


def make_edition(server, as_) -> None:
    """Make the first account on the server, then organisation and edition on their pages."""
    server.run("people", "add-admin", "admin@fair.example", "Admin", "--password", PASSWORD)
    admin = as_("admin")
    page = admin.open("/organisations")
    page.fill("#name", "Dinas Pendidikan Kota")
    admin.press("Tambah")
    page.locator("summary", has_text="Buat edisi").click()
    form = page.locator("form[action$='/editions']")
    form.get_by_label("Aturan disalin dari").select_option("template:school-fair")
    form.get_by_label("Nama", exact=True).fill("Pameran")
    form.get_by_label("Alamat").fill("pameran")
    form.get_by_label("Hari pemaparan pertama").fill(FIRST_DAY.date().isoformat())
    form.get_by_label("Jumlah hari pemaparan", exact=True).fill("3")
    form.get_by_label("Surel penyelenggara").fill("panitia@fair.example")
    admin.press("Buat edisi")


def accept_invitation(server, as_) -> None:
    """Follow the letter's link, set a password, and be signed in."""
    server.work()
    link = re.search(r"https?://\S+/links/\S+", letter_to(server, "panitia@fair.example"))[0]
    page = as_().open(link.removeprefix(server.base))
    for field in ("#password", "#again"):
        page.fill(field, PASSWORD)
    as_().press("Buat kata sandi dan masuk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tugas saya")
    as_().press("Keluar")


def letter_to(server, address: str, text: str = "") -> str:
    """The letter to an address that says this."""
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in server.data.rglob("*.eml")
    ]
    contents = [
        each.get_body(("plain",)).get_content() for each in letters if address in each["To"]
    ]
    return next(content for content in contents if text in content)


def take_in_people(server, organiser) -> None:
    """Take in two tables, each looked at before."""
    for table, content in (("agencies", AGENCIES), ("people", PEOPLE)):
        page = organiser.open(f"{FAIR}/imports")
        page.locator("#table").select_option(table)
        file = {"name": f"{table}.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.set_input_files("#file", file)
        organiser.press("Baca berkas")
        server.work()
        organiser.open(f"{FAIR}/imports")
        organiser.press("Impor semua")
        server.work()
        expect(organiser.open(f"{FAIR}/imports").locator("#imports")).to_contain_text(
            f"{table}.csv,"
        )


def set_rules(organiser) -> None:
    """Put the edition in WIB, and say when each stage is open."""
    page = organiser.open(f"{FAIR}/settings")
    page.locator("#timezone").select_option("Asia/Jakarta")
    organiser.press("Simpan")
    windows = {
        "submission": (TODAY - timedelta(days=1), CLOSING),
        "screening": (CLOSING, SCREENED),
        "picking": (SCREENED, PICKED),
        "scoring": (PICKED, EVENING + timedelta(days=2)),
    }
    for stage, (opens_at, closes_at) in windows.items():
        page = organiser.open(f"{FAIR}/windows")
        form = page.locator(f"form[action$='/{stage}']")
        form.locator("[name$=opens_at]").fill(local(opens_at))
        form.locator("[name$=closes_at]").fill(local(closes_at))
        with page.expect_navigation():
            form.get_by_role("button", name="Simpan").click()
        settle(page)
    organiser.open(f"{FAIR}/settings")
    organiser.page.locator("summary", has_text="Buka edisi ini untuk umum").click()
    organiser.press("Ya, buka untuk umum")


def local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def write_and_submit(author, number: int) -> None:
    author.open(f"{FAIR}/proposals")
    author.press("Mulai proposal")
    page = author.open(f"{FAIR}/proposals/{number}/draft")
    page.fill("#title", title_of(number))
    page.locator("#category_id").select_option(index=1)
    page.fill("#started_on", (TODAY - timedelta(days=90)).date().isoformat())
    page.locator("select[id^=section_]").select_option(index=2)
    *fields, last = page.locator("#draft-form textarea").all()
    for field in fields:
        field.fill("Teks contoh yang cukup.")
    with author.saves("Teks penutup."):
        last.fill("Teks penutup.")
    page = author.open(f"{FAIR}/proposals/{number}/documents")
    page.set_input_files(
        "#file-1", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    with page.expect_navigation():
        page.locator("#document_1 button", has_text="Lampirkan").click()
    submit(author, FAIR, number)


def screen(server, as_) -> None:
    """Examine, evaluate, and announce all as finalists."""
    organiser, committee = as_("panitia"), [as_("penilai-1"), as_("penilai-2")]
    for evaluator in (organiser, *committee):
        sign_pledge(evaluator)
    assign_sheets(server, organiser, FAIR)
    find_eligible(committee[0], FAIR, NUMBERS)
    for number in NUMBERS:
        for evaluator in committee:
            fill_and_lock(evaluator, number, "desk", 75)
    prepare_finalists(organiser, FAIR, len(NUMBERS))
    organiser.open(f"{FAIR}/announcement")
    organiser.press("Umumkan semua dan kirim surat")


def fill_and_lock(evaluator, number: int, kind: str, score: int) -> None:
    page = evaluator.open(f"{FAIR}/proposals/{number}/sheets/{kind}")
    for field in page.locator("#sheet-form .score input").all():
        field.fill(str(score))
    lock_sheet(evaluator)


def make_panels(organiser) -> None:
    """Give each room a panel, both with the same alternate; then make the slots."""
    for room, (members, alternate) in PANELS.items():
        page = organiser.open(f"{FAIR}/panels")
        page.get_by_text("Buat panel", exact=True).first.click()
        page.fill("#name", f"Panel {room}")
        page.locator("#room_id").select_option(label=room)
        page.fill("#quorum", QUORUM[room])
        for member in members:
            page.locator("#members").get_by_label(member).check()
        page.locator("#alternates").get_by_label(alternate).check()
        organiser.press("Buat panel")
    organiser.open(f"{FAIR}/slots")
    organiser.press("Buat slot")


def publish_schedule(server, as_) -> None:
    """Publish; an entrant follows the invitation's link, whose times are those of the zone."""
    organiser = as_("panitia")
    organiser.open(f"{FAIR}/schedule/versions")
    organiser.press("Terbitkan versi 1")
    organiser.open(f"{FAIR}/scoring")
    organiser.press("Buka penilaian")
    server.work()
    schedule = as_().open(f"{FAIR}/schedule").inner_text("main")
    assert all(room in schedule for room in PANELS)
    assert sheets_of(as_("juri-2")) == [3, 5]  # whose own school's work the alternate judges
    assert sheets_of(as_("juri-5")) == [1]
    check_invitation(server, as_("siswa-1"))
    judge = as_("juri-1")
    sign_pledge(judge)
    page = judge.open(f"{FAIR}/proposals/{sheets_of(judge)[0]}/sheets/presentation")
    expect(page.locator("main")).to_contain_text("Pemaparan dimulai pada")
    expect(page.get_by_role("button", name="Kirim dan kunci", exact=True)).to_have_count(0)


def check_invitation(server, entrant) -> None:
    """Follow the letter's link: both ends are in the edition's zone, and in their order."""
    letter = letter_to(server, "siswa-1@fair.example", "/invitations/")
    link = re.search(r"https?://\S+/invitations/\S+", letter)[0]
    text = entrant.open(link.removeprefix(server.base)).inner_text("main")
    begins, ends = re.search(r"(\d\d\.\d\d)–(\d\d\.\d\d) WIB", text).groups()
    assert begins == "08.00"
    assert ends == "08.20"


def score(as_) -> None:
    """Let all judges but one score what they heard."""
    for name in ("juri-1", "juri-2", "juri-3", "juri-5"):
        judge = as_(name)
        if name != "juri-1":
            sign_pledge(judge)
        for number in sheets_of(judge):
            fill_and_lock(judge, number, "presentation", SCORES[number])


def sheets_of(judge) -> list[int]:
    """The numbers of what a judge is to score, as their list shows them."""
    links = judge.open(f"{FAIR}/sheets/presentation").locator(".work a").all()
    return [int(re.search(r"/proposals/(\d+)/", link.get_attribute("href"))[1]) for link in links]


def agree_to_late_conflict(as_) -> None:
    """A judge recuses themself from what they have scored: it counts once the chair agrees."""
    judge, chair = as_("juri-2"), as_("juri-1")
    page = judge.open(f"{FAIR}/proposals/{sheets_of(judge)[-1]}/conflict")
    page.locator("#kind").select_option("family")
    page.fill("#reason", "Anggota keluarga ikut membuatnya.")
    judge.press("Nyatakan tidak ikut menilai")
    page = chair.open(f"{FAIR}/conflicts")
    page.locator("#pending summary").click()
    chair.press("Setujui: lembar ini tidak dihitung lagi")
    expect(page.locator("#pending")).to_have_count(0)


def go_on_without_absent_judge(as_) -> None:
    """Nothing can be prepared while score sheets are missing; the chair goes on without them."""
    organiser, chair = as_("panitia"), as_("juri-1")
    text = organiser.open(f"{FAIR}/plenary").inner_text("main")
    assert "sebagian lembar penilaian belum dikirim" in text
    for number in sheets_of(as_("juri-4")):
        page = chair.open(f"{FAIR}/proposals/{number}/reopening")
        page.get_by_label("Alasan").last.fill("Juri sakit.")
        chair.press("Lanjutkan tanpa lembar ini")


def decide(as_) -> None:
    """The organiser prepares, saying who of the equals gets the third place; the chair confirms."""
    organiser, chair = as_("panitia"), as_("juri-1")
    page = organiser.open(f"{FAIR}/plenary")
    page.fill("[name^=tie_reason]", "Diputuskan bersama dalam sidang.")
    with page.expect_response("**/plenary/places"):
        page.get_by_label(title_of(4), exact=True).first.check()
    organiser.press("Susun hasil")
    with page.expect_response("**/plenary/places"):
        page.get_by_label("tidak memiliki penerima: kosongkan").check()  # the special award
    organiser.press("Susun hasil")
    page = chair.open(f"{FAIR}/plenary")
    page.fill("#publish_at", local(EVENING + timedelta(hours=20)))
    chair.press("Setujui hasil")
