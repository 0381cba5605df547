"""Targets that are too small or too close (WCAG 2.2, 2.5.8), as the browser lays them out."""

from playwright.sync_api import Page

# A target is large enough with 24 by 24 CSS pixels; or if a circle of that diameter around its
# middle touches neither another target nor the circle of another small one; or within a sentence.
FIND = """
() => {
  const LEAST = 24;
  const selector = "a[href], button, summary, input:not([type=hidden]), select, textarea";
  const isShown = (each) =>
    each.checkVisibility({ visibilityProperty: true }) && !each.closest(".sr-only");
  const isInText = (each) => {
    const block = each.closest("p, li, dd, td, caption, .hint, .ds-alert");
    const rest = (block?.textContent ?? "").trim().length - each.textContent.trim().length;
    const isInline = getComputedStyle(each).display.startsWith("inline");
    return isInline && !each.matches("input, select") && rest > 3;
  };
  const targets = [...document.querySelectorAll(selector)].filter(isShown).map((each) => {
    const label = each.matches("[type=checkbox], [type=radio]") && each.labels?.[0];
    const rects = [each, label].filter(Boolean).map((part) => part.getBoundingClientRect());
    const left = Math.min(...rects.map((rect) => rect.left));
    const top = Math.min(...rects.map((rect) => rect.top));
    const right = Math.max(...rects.map((rect) => rect.right));
    const bottom = Math.max(...rects.map((rect) => rect.bottom));
    return { each, left, top, right, bottom };
  }).filter(({ left, right }) => right > left);
  const isSmall = ({ left, top, right, bottom }) =>
    right - left < LEAST - 0.5 || bottom - top < LEAST - 0.5;
  const middle = ({ left, top, right, bottom }) => [(left + right) / 2, (top + bottom) / 2];
  const beyond = (place, low, high) => Math.max(low - place, 0, place - high);
  const toRect = ([x, y], { left, top, right, bottom }) =>
    Math.hypot(beyond(x, left, right), beyond(y, top, bottom));
  const isTooClose = (one, other) => {
    const [x, y] = middle(one);
    if (toRect([x, y], other) < LEAST / 2) return true;
    const [u, v] = middle(other);
    return isSmall(other) && Math.hypot(x - u, y - v) < LEAST;
  };
  return targets
    .filter((one) => isSmall(one) && !isInText(one.each))
    .filter((one) => targets.some((other) => other !== one && !one.each.contains(other.each)
      && !other.each.contains(one.each) && isTooClose(one, other)))
    .map(({ each }) => `${each.tagName} ${each.textContent.trim().slice(0, 40) || each.name}`);
}
"""


def crowded(page: Page) -> list[str]:
    """Return the targets of the page that a finger would miss."""
    return page.evaluate(FIND)
