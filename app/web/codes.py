"""QR codes as SVG. Pure."""

from io import BytesIO

import segno


def qr_code(text: str) -> str:
    """Return the QR code of a text (error correction M) as an SVG document."""
    out = BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, scale=4, border=2)
    return out.getvalue().decode()
