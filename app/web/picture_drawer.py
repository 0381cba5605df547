"""A program that draws a picture anew; `app.confined` runs it, for it reads foreign files.

It imports nothing from the application. What a picture holds beside its points is left behind.
"""

import struct
import sys
from io import BytesIO

from PIL import Image, ImageOps

MOST = 40_000_000  # pixels of what is taken in
QUALITY = 82  # of a JPEG: beyond it files grow faster than what is seen


def main(shape: str, side: int) -> None:
    """Write the picture of the input within a square of `side` pixels, in the form asked for."""
    Image.MAX_IMAGE_PIXELS = MOST
    with Image.open(BytesIO(sys.stdin.buffer.read()), formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > MOST:
            sys.exit("too large")
        drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    drawn.thumbnail((side, side))
    {"emblem": write_emblem, "photo": write_photo}[shape](drawn, side)


def write_emblem(drawn: Image.Image, side: int) -> None:
    """Write a square PNG with a clear ground, the picture in its middle."""
    square = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    square.paste(drawn, ((side - drawn.width) // 2, (side - drawn.height) // 2))
    square.save(sys.stdout.buffer, "PNG", optimize=True)


def write_photo(drawn: Image.Image, _side: int) -> None:
    """Write width and height as two numbers of four bytes, then a JPEG on a white ground."""
    ground = Image.new("RGB", drawn.size, (255, 255, 255))
    ground.paste(drawn, mask=drawn)
    sys.stdout.buffer.write(struct.pack(">II", *drawn.size))
    ground.save(sys.stdout.buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
