"""Links in letters, calendars and documents: complete, and never as the request names the host."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app

from app.config import Config

WHATSAPP = "https://wa.me/?"


def whatsapp(text: str) -> str:
    """Return the link that opens WhatsApp with a text; it asks to whom, and we send nothing."""
    return WHATSAPP + urlencode({"text": text})


def link_to(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page, under the deployment's own base URL.

    A request's host may be any that is trusted, with any port: a letter must not follow it.
    """
    config: Config = current_app.config["AJANG"]
    base = urlsplit(config.base_url)
    urls = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
    return urls.build(endpoint, values, force_external=True)
