"""E-mail addresses: one form of each, whoever writes it how. Pure."""

from email_validator import EmailNotValidError, validate_email


def canonical_email(text: str) -> str:
    """Return the one form of an address: its domain as IDNA maps it, all in small letters.

    What is no address is only stripped and lowered, so that it can be looked for and not found.
    """
    plain = text.strip().lower()
    try:
        return validate_email(plain, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return plain


def is_email(text: str) -> bool:
    """Return whether letters can be sent to it: letters outside ASCII only in its domain.

    Mail servers rarely take others before the @, where they can also hide a twin of an address.
    """
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True
