"""A QR code as markup of the page itself: no file, no script, nobody else is asked."""

import segno
from markupsafe import Markup

_PIXELS = 5  # a module's edge; phones read it at arm's length
_QUIET = 4  # modules of white around it, as the standard wants


def qr_code(text: str) -> Markup:
    """Return an SVG element that shows a text to a camera, in dark mode too."""
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(scale=_PIXELS, border=_QUIET, dark="#000", light="#fff")
    return Markup(svg)  # noqa: S704  # segno's own shapes; the text is not in it
