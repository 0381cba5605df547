"""Whether the mail server that took a mail in found its sender to be genuine (RFC 8601). Pure."""

import re
from email.message import Message as Mail

_QUOTED_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|\((?:\\.|[^()\\])*\)')
_RESULT = re.compile(r"(dmarc|spf)\s*=\s*(\w+)", re.IGNORECASE)
_MAIL_FROM = re.compile(r"\bsmtp\.mailfrom\s*=\s*(?:[^\s@]*@)?([\w.-]+)(?=\s|$)", re.IGNORECASE)


def is_authenticated(mail: Mail, sender: str, server: str) -> bool:
    """Return whether `server` (its authserv-id) found that the mail comes from its sender.

    That is a pass of DMARC, or of SPF for the sender's domain or one below it. Only the server's
    topmost header counts: what it writes stands above whatever the mail brought along.
    """
    headers = [_unquoted(str(each)) for each in mail.get_all("Authentication-Results", [])]
    own = (parts for parts in headers if _server(parts) == server.lower())
    results = next(own, [""])[1:] if server else []
    passed = [part for part in results if _passed(part)]
    return any(_is_dmarc(part) or _is_aligned(part, sender) for part in passed)


def _unquoted(header: str) -> list[str]:
    """Return the parts of a header without what its writer may have taken from the mail."""
    text = _QUOTED_OR_COMMENT.sub(" ", header)
    return [] if set(text) & set('"()\\') else [part.strip() for part in text.split(";")]


def _server(parts: list[str]) -> str:
    words = parts[0].split() if parts else []  # a version may follow the name
    return words[0].lower() if words else ""


def _passed(part: str) -> bool:
    result = _RESULT.match(part)
    return result is not None and result[2].lower() == "pass"


def _is_dmarc(part: str) -> bool:
    return part.lower().startswith("dmarc")


def _is_aligned(part: str, sender: str) -> bool:
    """Return whether SPF passed for the domain of the sender's address, or for one below it."""
    found, domain = _MAIL_FROM.search(part), sender.partition("@")[2]
    return found is not None and f".{found[1].lower()}".endswith(f".{domain}")
