"""The menu of an edition: groups of places, and where among them a page is."""

from functools import lru_cache
from typing import Any, NamedTuple

from flask import request, url_for
from flask_babel import gettext
from markupsafe import Markup

from app.web.language import language
from app.workflow import Message


class MenuPlace(NamedTuple):
    """A page that the menu leads to; `values` of its address are those besides the edition's."""

    endpoint: str
    label: Message
    values: tuple[tuple[str, str], ...] = ()


class Group(NamedTuple):
    """Places of one stage under one heading, which leads to the first of them.

    By its `key` the guides name what they say about it.
    """

    key: str
    label: Message
    places: tuple[MenuPlace, ...]


class Menu(NamedTuple):
    """A menu as markup: list items of its groups, of the present group's places, and of them all.

    `trail` names the present group and place, from the outside in; `key` is that of the group. A
    single group has no heading.
    """

    groups: Markup
    places: Markup
    everything: Markup
    trail: tuple[str, ...]
    key: str


def menu(groups: tuple[Group, ...], edition: str, *, present: MenuPlace | None) -> Menu:
    """Return the edition's menu with the `present` place marked: as this page, or as around it."""
    is_here = present is not None and present.endpoint == request.endpoint
    return _menu(groups, edition, present, is_here, request.script_root, language())


@lru_cache(maxsize=4_000)
def _menu(
    groups: tuple[Group, ...],
    edition: str,
    present: MenuPlace | None,
    is_here: bool,  # noqa: FBT001 -- a key of the cache, as are those behind it
    _script_root: str,
    _language: str,
) -> Menu:
    """Return the menu; root and language are given because addresses and labels depend on them."""
    mark = "page" if is_here else "true"
    is_flat = len(groups) == 1
    inside = next((group for group in groups if is_flat or present in group.places), None)
    headings = [
        _link(group.label, group.places[0], edition, "true" if group is inside else "")
        for group in groups
    ]
    nested = Markup("<li><strong>{}</strong><ul>{}</ul></li>")
    places = _links(inside, edition, present, mark)
    return Menu(
        groups=Markup("") if is_flat else Markup("").join(headings),
        places=places,
        everything=places
        if is_flat
        else Markup("").join(
            nested.format(gettext(group.label), _links(group, edition, present, mark))
            for group in groups
        ),
        trail=tuple(gettext(part.label) for part in (None if is_flat else inside, present) if part),
        key=inside.key if inside else "",
    )


def _links(group: Group | None, edition: str, present: MenuPlace | None, mark: str) -> Markup:
    places = group.places if group else ()
    return Markup("").join(
        _link(place.label, place, edition, mark if place == present else "") for place in places
    )


def _link(label: Message, place: MenuPlace, edition: str, mark: str) -> Markup:
    values: dict[str, Any] = dict(place.values)
    current = Markup(' aria-current="{}"').format(mark) if mark else ""
    address = url_for(place.endpoint, edition=edition, **values)
    return Markup('<li><a href="{}"{}>{}</a></li>').format(address, current, gettext(label))
