"""The case of Luwu Utara from draft to award in Chromium, each step by the role whose step it is.

Innovators and judges hold a phone of 360 px. The clock moves on between the stages; nothing is
written into tables. Texts repeat, so the many like sheets are filled by one script on the page.
"""

import tomllib
from functools import partial

import pytest

from app.demo.moments import CASE, MOMENTS, PDF, PUBLISHED
from tests.browser.conftest import PHONE, WIDE
from tests.browser.steps import (
    assign_sheets,
    find_eligible,
    lock_sheet,
    pick_slot,
    prepare_finalists,
    sign_pledge,
    submit,
)
from tests.cast import Part, address_of, author_of, chair, drafts, innovators, judges, screeners
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

INNOVATIONS = tomllib.loads(CASE.read_text("utf-8"))["innovations"]
TOP = [each["title"] for each in INNOVATIONS if each.get("award") == "top"]
PARTICIPATORY = [each["title"] for each in INNOVATIONS if each.get("award") == "partisipatif"]
NUMBERS = range(1, len(INNOVATIONS) + 1)  # of their proposals

FILL_SCORES = """score => document.querySelectorAll('#sheet-form .score input')
    .forEach(field => { field.value = score })"""


@pytest.fixture
def case(live, visit):
    """The server at “draft” and one browser for each account that is asked for."""
    server, visitors = live("draft"), {}
    with_phone = {*server.ask(innovators), *server.ask(judges)}

    def as_(who: str | Part | None = None):
        address = who and server.ask(partial(address_of, who))
        if address not in visitors:
            width = PHONE if address in with_phone else WIDE
            visitors[address] = visit(server, address, width=width)
        return visitors[address]

    return server, as_


def test_the_case_from_draft_to_award(case):
    server, as_ = case
    for number in server.ask(drafts):
        write_and_submit(as_(author_of(number)), number)

    server.move_to(MOMENTS["screening"])
    screen(server, as_)
    announce(as_("sekretariat"))

    server.move_to(MOMENTS["picking"])
    as_("sekretariat").open(f"{E}/slots")
    as_("sekretariat").press("Buat slot")
    for innovator in server.ask(innovators):
        pick_slot(as_(innovator), E)

    server.move_to(MOMENTS["scoring"])
    publish_schedule(as_)
    as_("sekretariat").open(f"{E}/scoring")
    as_("sekretariat").press("Buka penilaian")

    server.move_to(MOMENTS["plenary"])
    for judge in server.ask(judges):
        sign_pledge(as_(judge))
        score_all(as_(judge), "presentation")
    decide(as_)

    server.move_to(PUBLISHED)
    text = as_().open(f"{E}/results").inner_text("#winners")
    awarded = [title for title in (each["title"] for each in INNOVATIONS) if title in text]
    assert set(awarded) == {*TOP, *PARTICIPATORY}
    last = NUMBERS[-1]
    feedback = as_(author_of(last)).open(f"{E}/proposals/{last}/feedback").inner_text("main")
    assert "Rata-rata" in feedback


def write_and_submit(author, number: int) -> None:
    """Write with autosave, attach the documents, check the answers, submit, get the receipt."""
    page = author.open(f"{E}/proposals/{number}/draft")
    for field in page.locator("#draft-form textarea").all():
        field.fill("Teks contoh yang cukup.")
    video = f"https://video.example/{number}"
    with author.saves(video):
        page.fill("#video_url", video)
    page.get_by_text("perlu dilengkapi").wait_for()  # the documents
    page = author.open(f"{E}/proposals/{number}/documents")
    for place in (1, 2, 3):
        file = {"name": f"surat {place}.pdf", "mimeType": "application/pdf", "buffer": PDF}
        page.set_input_files(f"#file-{place}", file)
        with page.expect_navigation():
            page.locator(f"#document_{place} button", has_text="Lampirkan").click()
    submit(author, E, number)


def screen(server, as_) -> None:
    """Sign the pledge, assign, check eligibility, write desk sheets."""
    organiser, committee = as_("sekretariat"), [as_(who) for who in server.ask(screeners)]
    for evaluator in (organiser, *committee):
        sign_pledge(evaluator)
    assign_sheets(server, organiser, E)
    find_eligible(committee[0], E, NUMBERS)
    for evaluator in committee:
        score_all(evaluator, "desk")


def score_all(evaluator, kind: str) -> None:
    """Submit every open sheet: the first by hand and saved by itself, the others by a script."""
    page = evaluator.open(f"{E}/sheets/{kind}")
    page.locator(".work a").first.click()
    page.wait_for_selector("#sheet-form")
    with evaluator.saves("77,5"):
        page.locator("#sheet-form .score input").first.fill("77,5")
    page.get_by_text("Tersimpan").first.wait_for()
    while page.locator("#sheet-form").count():
        number = int(page.url.split("/proposals/")[1].split("/")[0])
        page.evaluate(FILL_SCORES, str(95 - number))
        lock_sheet(evaluator)


def announce(organiser) -> None:
    """Prepare all as finalists at once, preview the letters, announce them together."""
    prepare_finalists(organiser, E, len(NUMBERS))
    page = organiser.open(f"{E}/announcement")
    letters = page.locator("#announcement details")
    assert letters.count() == len(NUMBERS)
    organiser.press("Umumkan semua dan kirim surat")


def publish_schedule(as_) -> None:
    """Scoring can't open and nobody sees the schedule before all of the draft is published."""
    organiser, stranger = as_("sekretariat"), as_()
    organiser.open(f"{E}/scoring")
    organiser.press("Buka penilaian")
    organiser.page.get_by_text("Terbitkan jadwal dahulu").wait_for()
    assert TOP[0] not in stranger.open(f"{E}/schedule").inner_text("main")
    page = organiser.open(f"{E}/schedule/versions")
    page.get_by_text("Penerbitan draf mengubah 27 pemaparan").wait_for()
    organiser.press("Terbitkan versi 1")
    schedule = stranger.open(f"{E}/schedule").inner_text("main")
    assert [each["title"] for each in INNOVATIONS if each["title"] not in schedule] == []


def decide(as_) -> None:
    """The organiser prepares the result with the participatory awards, the chair confirms."""
    organiser, confirming = as_("sekretariat"), as_(chair)
    page = organiser.open(f"{E}/plenary")
    for title in PARTICIPATORY:
        page.get_by_label(title, exact=True).check()
        page.get_by_label(f"Alasan – {title}").fill("Dipilih bersama.")
    *boxes, last = page.locator("[name=present], [name^=agrees_]").all()
    for box in boxes:
        box.check()
    with page.expect_response("**/plenary/places"):  # what is chosen fills the places
        last.check()
    organiser.press("Susun hasil")
    page = confirming.open(f"{E}/plenary")
    page.fill("#publish_at", "2019-10-07T10:00")
    confirming.press("Setujui hasil")
