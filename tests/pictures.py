"""Pictures to send: drawn here, with something hidden in their metadata."""

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo

HIDDEN = "rahasia di dalam berkas"


def png(width: int = 40, height: int = 60) -> bytes:
    """Return a PNG whose metadata holds `HIDDEN`."""
    notes = PngInfo()
    notes.add_text("Comment", HIDDEN)
    return _written(Image.new("RGBA", (width, height), (200, 0, 0, 128)), "PNG", pnginfo=notes)


def jpeg(width: int = 1600, height: int = 900) -> bytes:
    """Return a JPEG whose metadata holds `HIDDEN`."""
    exif = Image.Exif()
    exif[0x010E] = HIDDEN  # the description
    return _written(Image.new("RGB", (width, height), (0, 90, 160)), "JPEG", exif=exif)


def _written(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
