"""What a form was opened on, where a record has no version: nobody overwrites unseen."""

import hashlib
import json

from flask import request
from markupsafe import Markup

from app.workflow import N_, Overtaken

FIELD = "seen"


def fingerprint(*values: object) -> str:
    """Return a short fingerprint of these values, the same for the same values."""
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]


def seen_field(*values: object) -> Markup:
    """Return the hidden field that tells on which values the form was opened."""
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(FIELD, fingerprint(*values))


def check_seen(*values: object, now: str) -> None:
    """Raise `Overtaken` if the form was opened on other values than these; `now` names them."""
    if request.form.get(FIELD, fingerprint(*values)) != fingerprint(*values):
        raise Overtaken(
            N_(
                "Someone has changed this in the meantime; it is now: %(now)s. What you typed "
                "is below and not saved. Save again to replace their change."
            ),
            now=now,
        )
