"""Whether white can be read on a colour, by the contrast of WCAG 2.2. Pure."""

import re

COLOUR = re.compile(r"#[0-9a-f]{6}")
DARK = 0.04045  # below it a channel of sRGB is linear
LEAST = 4.5  # contrast of text of the usual size (success criterion 1.4.3, level AA)


def contrast_with_white(colour: str) -> float:
    """Return the contrast of white on “#rrggbb”, from 1 (none) to 21 (on black)."""
    return 1.05 / (_luminance(colour) + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour in sRGB, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= DARK else ((channel + 0.055) / 1.055) ** 2.4
