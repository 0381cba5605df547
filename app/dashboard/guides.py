"""The guides for each role: Markdown under docs/guide, as the pages show it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.editions.kinds import Role
from app.workflow import N_, Message

FOLDER = Path(__file__).parent.parent.parent / "docs" / "guide"
ADMINISTRATOR = "administrator"
GUIDES: Mapping[str, Message] = {
    Role.ORGANISER.value: N_("Organiser"),
    Role.SCREENER.value: N_("Screener"),
    Role.JUDGE.value: N_("Judge"),
    Role.INNOVATOR.value: N_("Innovator"),
    Role.OBSERVER.value: N_("Observer"),
    ADMINISTRATOR: N_("Site administrator"),
}
"""Who has a guide, by the name of its file."""

_ANCHOR = re.compile(r"\s*\{#([a-z]+)\}$")


@dataclass(frozen=True)
class Guide:
    """A guide as markup: its title, its sections as anchor and heading, and all of it."""

    title: str
    sections: tuple[tuple[str, str], ...]
    body: Markup


@lru_cache
def guide(role: str, language: str) -> Guide:
    """Return a role's guide; a picture that is not there yet is left out."""
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse((FOLDER / language / f"{role}.md").read_text("utf-8"))
    title, sections, body = "", [], []
    for token, content in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and content is not None:
            anchor = _ANCHOR.search(content.content)
            if anchor:
                _set_text(content, content.content[: anchor.start()])
                token.attrSet("id", anchor[1])
                sections.append((anchor[1], content.content))
            elif token.tag == "h1":
                title = content.content
        if token.type == "inline":
            token.children = [child for child in token.children or () if _is_there(child, language)]
        body.append(token)
    shown = [token for token in body if token.content != title or token.type != "inline"]
    html = markdown.renderer.render(shown, markdown.options, {})
    return Guide(title, tuple(sections), Markup(html.replace("<h1></h1>\n", "")))  # noqa: S704 -- our own files, HTML in them is not taken over


def picture_folder(language: str) -> Path:
    """Return where the pictures of the guides in this language are."""
    return FOLDER / "pictures" / language


def _set_text(inline: Token, text: str) -> None:
    inline.content = text
    inline.children = [Token("text", "", 0, content=text)]


def _is_there(child: Token, language: str) -> bool:
    """Return whether an inline part can be shown; a picture gets its address."""
    if child.type != "image":
        return True
    name = str(child.attrGet("src"))
    child.attrSet("src", f"pictures/{language}/{name}")
    child.attrSet("loading", "lazy")
    return (picture_folder(language) / name).is_file()
