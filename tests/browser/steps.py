"""What more than one whole competition takes: each step by the visitor whose step it is."""

from collections.abc import Iterable

from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.browser.settling import settle
from tests.servers import Live


def sign_pledge(evaluator: Visitor) -> None:
    """Sign the integrity pledge, which “My work” asks for."""
    page = evaluator.open("/my-work")
    page.get_by_text("Tanda tangani pakta integritas").click()
    page.get_by_role("button", name="menandatangani").click()
    page.get_by_text("Pakta integritas telah ditandatangani.").wait_for()


def assign_sheets(server: Live, organiser: Visitor, edition: str) -> None:
    """Let the desk sheets be assigned by the worker, and hand them out."""
    organiser.open(f"{edition}/assignment")
    organiser.press("Susun penugasan otomatis")
    server.work()
    organiser.open(f"{edition}/assignment")
    organiser.press("Bagikan lembar penilaian")


def lock_sheet(evaluator: Visitor) -> None:
    """Submit the open sheet, and say yes when asked."""
    evaluator.page.get_by_role("button", name="Kirim dan kunci", exact=True).click()
    evaluator.press("Ya, kirim dan kunci")


def find_eligible(screener: Visitor, edition: str, numbers: Iterable[int]) -> None:
    """Find that these proposals meet every line of the checklist."""
    for number in numbers:
        page = screener.open(f"{edition}/proposals/{number}/eligibility")
        for line in page.locator("[value=meets]").all():
            line.check()
        screener.press("Simpan hasil pemeriksaan")


def prepare_finalists(organiser: Visitor, edition: str, count: int) -> None:
    """Prepare all of the list as finalists at once."""
    page = organiser.open(f"{edition}/tabulation")
    page.get_by_label(f"untuk semua {count} dalam daftar").check()
    organiser.press("Pratinjau")
    organiser.press("Simpan konsep")


def submit(author: Visitor, edition: str, number: int) -> None:
    """Check the answers, submit, and get the receipt."""
    page = author.open(f"{edition}/proposals/{number}/submission")
    author.press("Ajukan proposal")
    page.get_by_text("SHA-256").wait_for()


def tick(page: Page, label: str) -> None:
    """Tick a box of a list so long that it is folded up."""
    box = page.get_by_label(label)
    page.locator("details", has=box).locator("summary").click()
    box.check()


def pick_slot(author: Visitor, edition: str) -> None:
    """Pick the first free slot with HTMX, which is kept, and confirm it in the table."""
    page = author.open(f"{edition}/slots")
    page.locator(".slot.free button", has_text="Pilih").first.click()
    page.get_by_text("Disimpan untuk Anda sampai").wait_for()
    settle(page)
    assert page.locator(".slot.own").count() == 0
    page.get_by_role("button", name="Tetapkan slot ini").click()
    page.locator(".slot.own").wait_for()


def press_in_place(visitor: Visitor, name: str, item: str) -> None:
    """Press a button that changes its row: the page stays, with its place and the focus.

    `item` is what the id of the row begins with.
    """
    page = visitor.page
    button = page.get_by_role("button", name=name, exact=True)
    button.scroll_into_view_if_needed()
    page.evaluate("window.isSame = true")
    before = page.evaluate("scrollY")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        button.click()
    settle(page)
    assert page.evaluate("item => isSame && document.activeElement.id.startsWith(item)", item)
    assert abs(page.evaluate("scrollY") - before) < 200
    assert page.locator("#said").inner_text() != ""
