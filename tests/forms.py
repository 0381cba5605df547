"""What a browser would send of a page's form, read from its HTML."""

from html.parser import HTMLParser

NEVER_SENT = frozenset({"submit", "button", "file", "image"})
APART = frozenset({"csrf_token", "next"})


class _Reader(HTMLParser):
    """Collects the fields of the form whose action ends in `action`, or of every form."""

    def __init__(self, action: str | None) -> None:
        super().__init__()
        self.action, self.is_inside = action, action is None
        self.fields: dict[str, list[str]] = {}
        self.select: str | None = None
        self.first: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        at = dict(attributes)
        if tag == "form" and self.action is not None:
            self.is_inside = (at.get("action") or "").endswith(self.action)
        if not self.is_inside:
            return
        if tag == "input" and _is_sent(at):
            self._add(at.get("name"), at.get("value") or "")
        if tag == "select":
            self.select, self.first = at.get("name"), None
        if tag == "option" and self.select:
            self.first = at.get("value") if self.first is None else self.first
            if "selected" in at:
                self._add(self.select, at.get("value") or "")
        if tag == "textarea":
            self.area = at.get("name")
            self._add(self.area, "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            if self.area:
                self.fields[self.area][-1] = self.fields[self.area][-1].strip()
            self.area = None
        if tag == "select":
            if self.select and self.select not in self.fields and self.first is not None:
                self._add(self.select, self.first)
            self.select = None

    def _add(self, name: str | None, value: str) -> None:
        if name and name not in APART:
            self.fields.setdefault(name, []).append(value)


def _is_sent(at: dict[str, str | None]) -> bool:
    is_off = at.get("type") in {"checkbox", "radio"} and "checked" not in at
    return not is_off and at.get("type") not in NEVER_SENT


def fields_of(page: str, action: str | None = None) -> dict[str, str | list[str]]:
    """The fields by name, several values as a list; without the tokens a test client adds."""
    reader = _Reader(action)
    reader.feed(page)
    return {
        name: values[0] if len(values) == 1 else values for name, values in reader.fields.items()
    }
