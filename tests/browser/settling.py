"""A page is measured or judged once it has come to rest; what unfolds goes on for some frames."""

from itertools import count

from playwright.sync_api import Page

PATIENCE = 30_000  # milliseconds: a loaded machine may take seconds to paint a frame
HOLD = "document.addEventListener('htmx:beforeRequest', event => event.preventDefault())"
UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"

# Asked in each frame until it answers true: all has arrived, HTMX is idle, nothing moves, and every
# element stands where it stood in the frame before. Chromium does not list a transition of
# ::details-content among the animations, hence the looks at it: while that transition waits for its
# first frame the content is out of the layout, and under load it may stay for some frames in a box
# of no height, from which it sticks out.
IS_AT_REST = """call => {
    const boxes = () => JSON.stringify([...document.body.querySelectorAll('*')].map(element => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height];
    }));
    const ends = animation => animation.effect.getComputedTiming().endTime !== Infinity;
    const isMoving = () => document.getAnimations().some(
        animation => animation.playState === 'running' && ends(animation));
    const isInFlow = element => !['absolute', 'fixed'].includes(getComputedStyle(element).position);
    const bottom = element => element.getBoundingClientRect().bottom;
    const sticksOut = (child, box) => isInFlow(child) && bottom(child) > bottom(box) + 1;
    const isFolded = details =>
        getComputedStyle(details, '::details-content').contentVisibility === 'hidden'
        || [...details.children].some(child => sticksOut(child, details));
    const isBusy = document.readyState !== 'complete' || document.fonts.status !== 'loaded'
        || document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')
        || isMoving() || [...document.querySelectorAll('details[open]')].some(isFolded);
    const before = window.boxesAtRest;
    window.boxesAtRest = isBusy ? null : { call, boxes: boxes() };
    return !isBusy && before?.call === call && before.boxes === window.boxesAtRest.boxes;
}"""

calls = count()


def settle(page: Page, *, patience: float = PATIENCE) -> None:
    """Wait until the page has come to rest; what a press has sent by HTMX is waited for too."""
    page.wait_for_function(IS_AT_REST, arg=next(calls), polling="raf", timeout=patience)


def hold(page: Page) -> None:
    """Let a page that looks again by itself do so no more; settle() waits for the last time."""
    page.evaluate(HOLD)


def unfold(page: Page) -> None:
    """Open everything that can be opened, and wait until the page has come to rest."""
    page.evaluate(UNFOLD)
    settle(page)
