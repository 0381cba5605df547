"""Jinja's environments, one for each language, with their names where they are found fastest."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial, wraps
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.runtime import markup_join
from jinja2.visitor import NodeTransformer

from app.numbers import points, signed
from app.web.language import in_template, language, local_in

INDENTATION = re.compile(r"\s*\n\s*")

Speaking = Callable[..., Any]
"""What templates call without its first argument, which is the language of the page."""


class Templates(Environment):
    """An environment that hands each page to one of its own for the page's language.

    There a template's messages, and whatever else depends on the language alone, are part of the
    compiled text. Templates outside of a language, such as one from a string, ask for it each time.

    Each template holds a plain copy of the global names: Jinja's own chain of two mappings is
    walked name by name at each include and each import of macros, a fifth of the time of a page
    with many of them. Names that are added after a template was loaded don't reach it.
    """

    spoken: str | None = None

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.speaking: dict[str, Speaking] = {}
        self.speaking_filters: dict[str, Speaking] = {}
        self.speakers: dict[str, Templates] = {}

    def speak(self, functions: Mapping[str, Speaking], filters: Mapping[str, Speaking]) -> None:
        """Let templates call these with the language of the page before other arguments."""
        self.speaking |= functions
        self.speaking_filters |= filters
        self.globals |= {name: _in_any(function) for name, function in functions.items()}
        self.filters |= {name: _in_any(function) for name, function in filters.items()}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 -- as Jinja calls it
    ) -> Template:
        """Return the template in the language of the page."""
        if self.spoken is None:
            return self._speaker(language()).get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that a template sees."""
        return dict(self.globals) | dict(d or {})

    def _speaker(self, spoken: str) -> "Templates":
        """Return the environment of a language, made when the first page in it is asked for."""
        if spoken not in self.speakers:
            speaker = self.overlay()
            speaker.spoken = spoken
            speaker.globals = self.globals | _bound(self.speaking, spoken)
            speaker.filters = self.filters | _bound(self.speaking_filters, spoken)
            self.speakers[spoken] = speaker
        return self.speakers[spoken]

    def _generate(self, source: nodes.Template, *rest: Any, **options: Any) -> str:
        """Write a template's code, which Jinja lets an environment do in its own way."""
        if self.spoken is not None:
            source = _Saying(self.speaking, self.spoken).visit(source)
        return super()._generate(source, *rest, **options)


def init_app(app: Flask) -> None:
    """Give the templates their messages, and names in two languages."""
    speak(
        app,
        {"_": in_template, "gettext": in_template, "language": str},
        {"local": local_in, "points": points, "signed": signed},
    )


def speak(
    app: Flask,
    functions: Mapping[str, Speaking] | None = None,
    filters: Mapping[str, Speaking] | None = None,
) -> None:
    """Let the application's templates call these with the language of the page first.

    What a function returns for arguments that a template writes out must depend on nothing else:
    it is asked when the template is compiled.
    """
    environment = cast("Templates", app.jinja_env)
    environment.speak(functions or {}, filters or {})


class _Saying(NodeTransformer):
    """Writes into a template what it asks of the language with nothing but what it writes out.

    All of its text is HTML: a stretch of white space with a line break means as much as the break.
    """

    def __init__(self, functions: Mapping[str, Speaking], spoken: str) -> None:
        self.functions, self.spoken = functions, spoken

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.TemplateData:  # noqa: N802 -- as the visitor calls it
        """Leave out what only who reads the template needs: its indentation and empty lines."""
        return nodes.TemplateData(INDENTATION.sub("\n", node.data), lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 -- as the visitor calls it
        self.generic_visit(node)
        function = self.functions.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if function is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        if not all(isinstance(argument, nodes.Const) for argument in node.args):
            return node
        said = function(self.spoken, *(argument.as_const() for argument in node.args))
        return nodes.Const(said, lineno=node.lineno)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802 -- as the visitor calls it
        self.generic_visit(node)
        if not all(isinstance(part, nodes.Const) for part in node.nodes):
            return node
        joined = markup_join(part.as_const() for part in node.nodes)  # Jinja's own forgets markup
        return nodes.Const(joined, lineno=node.lineno)


def _in_any(function: Speaking) -> Callable[..., Any]:
    """Return the function as it is called where the language must be asked for."""

    @wraps(function)
    def asking(*arguments: Any, **values: Any) -> Any:  # noqa: ANN401 -- as the function takes and gives
        return function(language(), *arguments, **values)

    return asking


def _bound(functions: Mapping[str, Speaking], spoken: str) -> dict[str, Callable[..., Any]]:
    return {name: partial(function, spoken) for name, function in functions.items()}
