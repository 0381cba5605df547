"""A program that draws a picture anew as a PNG; `app.confined` runs it, for it reads foreign files.

It imports nothing from the application. What a picture holds beside its points is left behind.
"""

import sys
from io import BytesIO

from PIL import Image

SIDE = 600  # pixels, of a square with the picture in its middle
MOST = 40_000_000  # pixels of what is taken in


def main() -> None:
    """Write the picture of the input as a square PNG with a clear ground."""
    Image.MAX_IMAGE_PIXELS = MOST
    with Image.open(BytesIO(sys.stdin.buffer.read()), formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > MOST:
            sys.exit("too large")
        drawn = picture.convert("RGBA")
    drawn.thumbnail((SIDE, SIDE))
    square = Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 0))
    square.paste(drawn, ((SIDE - drawn.width) // 2, (SIDE - drawn.height) // 2))
    square.save(sys.stdout.buffer, "PNG", optimize=True)


if __name__ == "__main__":
    main()
