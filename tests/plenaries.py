"""A plenary as its page offers it: everybody present, both bodies agreeing to what they decide."""

from tests.clients import Browser, Page
from tests.conftest import E

MORNING = "2019-10-07T10:00"  # of the award ceremony of the case


def prepare(organiser: Browser, data: dict[str, object] | None = None, *, at: str = E) -> Page:
    """Prepare the result with these choices, by the form that the page shows now."""
    return organiser.post(f"{at}/plenary", as_shown(organiser, at=at) | (data or {}))


def as_shown(organiser: Browser, *, at: str = E) -> dict[str, object]:
    """What the form sends before anything is chosen, all boxes of presence and agreement ticked."""
    form = organiser.get(f"{at}/plenary").html.select_one("#decide")
    if form is None:
        return {}
    boxes = form.select("input[type=checkbox]")
    agreed = [box["name"] for box in boxes if box["name"].startswith("agrees_")]
    return {
        "seen": form.select_one("[name=seen]")["value"],
        "present": [box["value"] for box in boxes if box["name"] == "present"],
    } | dict.fromkeys(agreed, "1")


def confirm(second: Browser, publish_at: str = MORNING, *, at: str = E) -> Page:
    """Confirm what the page shows, to be public then."""
    form = second.get(f"{at}/plenary").html.select_one("form[action$='/plenary/confirmation']")
    seen = form.select_one("[name=seen]")["value"] if form else ""
    sent = {"seen": seen, "disclosure": "sheets", "publish_at": publish_at}
    return second.post(f"{at}/plenary/confirmation", sent)
