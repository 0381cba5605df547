"""What has the focus is never hidden under a part that stays in place (WCAG 2.2, 2.4.11)."""

import pytest

from app.editions.kinds import SheetKind
from tests.browser.settling import unfold
from tests.cast import author_of, chair, drafts, screener, submitted, unscored
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SIZES = [(320, 640), (360, 740), (1280, 600)]
MOST_STOPS = 150

# Whether the middle and the corners of what has the focus all lie under something else.
HIDDEN = """
() => {
  const focus = document.activeElement;
  if (focus === document.body) return null;
  if (focus.matches("iframe")) return "";  // the focus is within its own document
  const rect = focus.getBoundingClientRect();
  const [left, right] = [Math.max(rect.left, 0) + 2, Math.min(rect.right, innerWidth) - 2];
  const [top, bottom] = [Math.max(rect.top, 0) + 2, Math.min(rect.bottom, innerHeight) - 2];
  const middle = [(left + right) / 2, (top + bottom) / 2];
  const points = [middle, [left, top], [right, top], [left, bottom], [right, bottom]];
  const isSeen = ([x, y]) => {
    const found = document.elementFromPoint(x, y);
    const parts = [focus, ...(focus.labels ?? [])];
    return found && (found.contains(focus) || parts.some((part) => part.contains(found)));
  };
  return points.some(isSeen) ? "" : focus.outerHTML.slice(0, 160);
}
"""


def hidden_stops(page, key: str) -> list[str]:
    """Walk the page with the keyboard; return what had the focus and could not be seen."""
    found = []
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        hidden = page.evaluate(HIDDEN)
        if hidden is None:
            break
        if hidden:
            found.append(hidden)
    return found


def draft(server) -> tuple:
    number = server.ask(drafts)[0]
    return author_of(number), f"proposals/{number}/draft"


def checklist(server) -> tuple:
    return screener, f"proposals/{server.ask(submitted)[0]}/eligibility"


def sheet(server) -> tuple:
    number = server.ask(unscored(SheetKind.PRESENTATION))[-1]
    return chair, f"proposals/{number}/sheets/presentation"


def arrangement(_server) -> tuple:
    return "sekretariat", "arrangement"


@pytest.mark.parametrize(
    ("moment", "where"),
    [("draft", draft), ("screening", checklist), ("scoring", sheet), ("picking", arrangement)],
)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_focus_is_never_hidden_under_a_bar(serve, visit, moment, where, size):
    server = serve(moment)
    who, path = where(server)
    page = visit(server, who).open(f"{E}/{path}")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    unfold(page)
    assert hidden_stops(page, "Tab") == []
    assert hidden_stops(page, "Shift+Tab") == []


def test_the_walk_finds_what_is_hidden(serve, visit):
    server = serve("draft")
    who, path = draft(server)
    page = visit(server, who).open(f"{E}/{path}")
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.documentElement.style.scrollPaddingBottom = '0'")
    assert hidden_stops(page, "Tab") != []
