"""What depends on the language alone is written into a template when it is compiled."""

from contextlib import contextmanager

import pytest
from jinja2 import DictLoader
from markupsafe import Markup

from tests.databases import BASE

WORDS = {"id": "Perangkat daerah", "en": "Agency"}


@pytest.fixture
def app(make_app):
    return make_app()


@contextmanager
def reading(app, language):
    with app.test_request_context(
        "/", base_url=BASE, headers={"Cookie": f"language={language}"}
    ) as request:
        yield request


@pytest.fixture
def environment(app):
    """An environment of the same kind, with templates of a test's own."""

    def made(**templates):
        own = app.create_jinja_environment()
        own.loader = DictLoader({f"{name}.html": source for name, source in templates.items()})
        own.globals |= app.jinja_env.globals
        own.filters |= app.jinja_env.filters
        own.speak(app.jinja_env.speaking, app.jinja_env.speaking_filters)
        return own

    return made


def test_each_language_has_a_template_of_its_own_that_asks_for_no_message(app, environment):
    own = environment(page='{{ _("Agency") }}', frame='{% include "page.html" %}')
    for language in ("id", "en", "id"):
        with reading(app, language):
            assert own.get_template("frame.html").render() == WORDS[language]
            page = own.get_template("page.html")
            assert page.environment.spoken == language
            assert page.render(_=None, gettext=None) == WORDS[language]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ('{{ _("Agency") }}', "{}"),
        ('{{ "<" ~ _("Agency") }}', "&lt;{}"),
        ('{{ "<" ~ _("Agency") ~ word }}', "&lt;{}&amp;"),
        ('{{ _("Agency" if word else "") }}', "{}"),
        ('{% set label = "Agency" %}{{ _(label) }}', "{}"),
        ('{% for word in [_("Agency")] %}{{ word }}{% endfor %}', "{}"),
        ('{% macro m(label) %}{{ label }}{{ word }}{% endmacro %}{{ m(_("Agency")) }}', "{}&amp;"),
        ('{{ _("Agency")|uncapped }}', "{}"),
        ("{{ thing|local }}", "{}"),
        ("{{ language() }}", None),
    ],
)
def test_a_compiled_template_says_what_one_says_that_asks_each_time(
    app, environment, source, written
):
    thing = {"name": WORDS["id"], "name_en": WORDS["en"]}
    values = {"word": "&", "thing": type("Thing", (), thing)()}
    for language, word in WORDS.items():
        with reading(app, language):
            compiled = environment(page=source).get_template("page.html").render(values)
            escaped = f"{{% autoescape true %}}{source}{{% endautoescape %}}"
            assert compiled == app.jinja_env.from_string(escaped).render(values)
            expected = language if written is None else written.format(word)
            assert compiled == (expected.lower() if "uncapped" in source else expected)


def test_markup_stays_markup_where_words_are_joined(app, environment):
    own = environment(page='{{ "<" ~ mark() }}|{{ mark() ~ word }}|{{ mark("<") }}')
    own.speak({"mark": lambda _spoken, word="": Markup("<b>%s</b>") % word}, {})
    with reading(app, "en"):
        found = own.get_template("page.html").render(word="<")
    assert found == "&lt;<b></b>|<b></b>&lt;|<b>&lt;</b>"


def test_a_message_with_a_percent_sign_or_values_is_the_same_compiled(app, environment):
    own = environment(page='{{ _("100%% of %(all)s", all=word) }} {{ _("100%%") }}')
    with reading(app, "en"):
        assert own.get_template("page.html").render(word="<") == "100% of &lt; 100%"


def test_a_break_in_a_line_stays_one_and_what_people_wrote_stays_whole(app, environment):
    own = environment(
        page="<p>one\n    two\n\n\n</p>  <b>{{ words }}</b>\n  <textarea>\n{{ words }}"
    )
    with reading(app, "en"):
        found = own.get_template("page.html").render(words="  a\n\n  b")
    assert found == "<p>one\ntwo\n</p>  <b>  a\n\n  b</b>\n<textarea>\n  a\n\n  b"
