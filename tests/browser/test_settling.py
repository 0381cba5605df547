"""A page is looked at too early only where nobody waits: the control of what settle() is for."""

import pytest

from tests.browser.axe import violations
from tests.browser.settling import UNFOLD, settle, unfold

pytestmark = pytest.mark.browser

ORGANISATION = "/organisations/1"
CROWDED = ["target-size"]


def animations_of(visitor):
    """How fast the page's animations run: at 0 each stays in its first frame, as under load."""
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
    run_at = animations_of(admin)
    run_at(0)
    page.evaluate(UNFOLD)
    assert [rule for rule, _ in violations(page)] == CROWDED

    run_at(1)
    settle(page)

    assert violations(page) == []
    boxes = page.locator("details").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(boxes) > 500


def test_nothing_unfolds_slowly_for_who_wants_less_motion(admin):
    page = admin.open(ORGANISATION)
    animations_of(admin)(0)
    unfold(page)
    assert violations(page) == []
