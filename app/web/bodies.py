"""What may be sent in a request's body: a form, of a bounded size and number of fields."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, abort, request
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

URLENCODED = "application/x-www-form-urlencoded"
FORMS = frozenset({URLENCODED, "multipart/form-data"})


class BoundedParser(FormDataParser):
    """Reads forms; the library's own limits leave out the ordinary, URL-encoded ones."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], Any, Any]:
        """Parse a form; raise `RequestEntityTooLarge` before parsing one over a limit."""
        if mimetype == URLENCODED:
            stream = BytesIO(self._read(stream, content_length or 0))
        return super().parse(stream, mimetype, content_length, options)

    def _read(self, stream: IO[bytes], announced: int) -> bytes:
        """Return the body, of which never more is read than the limit and one byte."""
        most = self.max_form_memory_size or 0
        if announced > most:
            raise RequestEntityTooLarge
        body = b""
        while len(body) <= most and (part := stream.read(most + 1 - len(body))):
            body += part
        if len(body) > most or body.count(b"&") >= (self.max_form_parts or 0):
            raise RequestEntityTooLarge
        return body


class BoundedRequest(HtmxAwareRequest):  # type: ignore[misc]  # it has no types
    """A request whose form is bounded."""

    form_data_parser_class = BoundedParser


def init_app(app: Flask) -> None:
    """Refuse bodies that are no form, which no view takes."""

    @app.before_request
    def refuse_other_bodies() -> None:
        if request.method == "POST" and request.mimetype and request.mimetype not in FORMS:
            abort(415)
