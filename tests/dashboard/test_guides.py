"""The guides: there for every role and language, and true to the pages' own words."""

import re

import pytest
from babel.messages.pofile import read_po

from app.dashboard.guides import FOLDER, GUIDES, guide, picture_folder
from app.dashboard.places import GROUPS
from app.web.language import LANGUAGES
from tests.conftest import E
from tests.test_translations import ROOT

LABEL = re.compile("“([^”]+)”")
OF_LANGUAGES = set(LANGUAGES.values())
ANCHORS = {"start", "help", "public"} | {group.key for group in GROUPS}


def shown_words(language: str) -> set[str]:
    """Every text that pages show in a language."""
    with (ROOT / "app/translations/id/LC_MESSAGES/messages.po").open("rb") as source:
        messages = [message for message in read_po(source) if message.id]
    texts = [message.string if language == "id" else message.id for message in messages]
    return {part for text in texts for part in (text if isinstance(text, tuple) else (text,))}


def source(role: str, language: str) -> str:
    return (FOLDER / language / f"{role}.md").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", GUIDES)
def test_a_guide_names_what_the_pages_show(role, language):
    cited = set(LABEL.findall(source(role, language)))
    assert len(cited) > 5
    assert cited - shown_words(language) - OF_LANGUAGES == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", GUIDES)
def test_a_guide_has_its_sections_and_pictures(role, language):
    shown = guide(role, language)
    anchors = [anchor for anchor, _ in shown.sections]
    assert (anchors[0], anchors[-1]) == ("start", "help")
    assert set(anchors) <= ANCHORS
    pictures = re.findall(r"!\[[^]]+]\(([^)]+)\)", source(role, language))
    assert pictures != []
    for name in pictures:
        assert f'src="pictures/{language}/{name}"' in shown.body
        assert (picture_folder(language) / name).is_file()


def test_both_languages_have_the_same_sections():
    for role in GUIDES:
        sections = [[anchor for anchor, _ in guide(role, each).sections] for each in LANGUAGES]
        assert sections[0] == sections[1]


def test_the_guide_is_a_link_away_from_each_page_at_its_stage(make_app, browse):
    judge = browse(make_app("scoring"), "juri-1")
    link = judge.get(f"{E}/scoring").html.select_one(".guide-link")
    assert link["href"] == "/guide/judge#scoring"
    page = judge.get("/guide/judge")
    assert page.html.select_one("h2#scoring") is not None
    assert judge.get("/guide/nobody").status_code == 404
    assert judge.get("/guide/pictures/xx/sheet.jpg").status_code == 404
    assert judge.get("/guide/pictures/id/..%2Fjudge.md").status_code == 404
