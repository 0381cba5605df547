"""A page is looked at too early only where nobody waits: the control of what settle() is for."""

import pytest
from playwright.sync_api import TimeoutError as Timeout

from tests.browser.axe import violations
from tests.browser.settling import UNFOLD, settle, unfold

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ORGANISATION = "/organisations/1"
CROWDED = ["target-size"]
# What unfolds stands above a link, which it covers until it has got out of its way.
ABOVE_A_LINK = """() => document.querySelector(".page > .title-row")
    .before([...document.querySelectorAll("details.ds-details")].at(-1))"""
CREEPING = 1e-4  # so slow that nothing moves from one frame to the next
WHILE = 500  # milliseconds: some frames


def animations_of(visitor):
    """How fast the page's animations run: at 0 each waits for its first frame, as under load."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Animation.enable")

    def run_at(rate: int) -> None:
        session.send("Animation.setPlaybackRate", {"playbackRate": rate})

    return run_at


@pytest.fixture
def admin(serve, visit):
    return visit(serve("draft"), "admin")


def test_an_unfolding_page_is_at_rest_only_after_its_last_frame(admin):
    admin.page.emulate_media(reduced_motion="no-preference")
    page = admin.open(ORGANISATION)
    page.evaluate(ABOVE_A_LINK)
    run_at = animations_of(admin)
    for rate in (0, CREEPING):
        run_at(rate)
        page.evaluate(UNFOLD)
        assert [rule for rule, _ in violations(page)] == CROWDED
        with pytest.raises(Timeout):
            settle(page, patience=WHILE)

    run_at(1)
    settle(page)

    assert violations(page) == []
    boxes = page.locator("details").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(boxes) > 300


def test_nothing_unfolds_slowly_for_who_wants_less_motion(admin):
    page = admin.open(ORGANISATION)
    animations_of(admin)(0)
    unfold(page)
    assert violations(page) == []
