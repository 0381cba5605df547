"""What axe says about the page as it stands."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
RUN = "options => axe.run(options).then(result => result.violations)"


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that are broken, each with the first elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        (rule["id"], [node["html"][:120] for node in rule["nodes"][:3]])
        for rule in page.evaluate(RUN, OPTIONS)
    ]
