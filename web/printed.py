"""A page as it is sent: squeezed, and compressed as small as it gets."""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import brotli
from flask import Flask, Response, request

# Beside the tags of these, space is never shown. A no-break space is none of it.
_BLOCKS = (
    "body|br|dd|details|div|dl|dt|footer|h[1-3]|header|html|li|main|nav|ol|p|summary|ul"
)
_BESIDE = re.compile(rf"[ \n]*(</?(?:{_BLOCKS})\b[^>]*>)[ \n]*")
# End tags that HTML lets be left out, before what ends the element anyway.
_ENDS = re.compile(
    r"</p>(?=</?(?:details|div|dl|h2|main|nav|ol|p|ul)\b)"
    r"|</li>(?=<li>|</[ou]l>)|</d[dt]>(?=<d[dt]>|</dl>)"
)
_LINES = re.compile(r"[ \n]*\n[ \n]*")
# A millisecond a page; the first is the best.
_QUICKLY: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda page: brotli.compress(page, quality=5),
    "gzip": lambda page: gzip.compress(page, 6, mtime=0),
}
_MODES = (brotli.MODE_TEXT, brotli.MODE_FONT)  # which is smaller depends on the script


@dataclass(frozen=True, slots=True)
class Printed:
    """A page's bytes, plain and compressed."""

    plain: bytes
    br: bytes
    gzip: bytes

    @classmethod
    def of(cls, html: str) -> "Printed":
        """Compress a page; slow, so it is done once for all who ask."""
        plain = squeezed(html).encode()
        # The slowest setting: paid once in five minutes, it serves every visit.
        small = (brotli.compress(plain, mode=mode, quality=11) for mode in _MODES)
        # No time in gzip's head, so that the same page is the same bytes.
        return cls(plain, min(small, key=len), gzip.compress(plain, 9, mtime=0))


def init(app: Flask) -> None:
    """Compress every other page as it is answered."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype != "text/html" or response.content_encoding:
            return response
        if response.direct_passthrough or 300 <= response.status_code < 400:
            return response
        response.vary.add("Accept-Encoding")
        # Nobody else can put words on these pages, so their length tells no secret.
        coding = best_coding()
        if coding:
            response.set_data(_QUICKLY[coding](response.get_data()))
            response.content_encoding = coding
        return response


def best_coding() -> str:
    """Return the coding that a browser is answered in, "" for none."""
    # Brotli first: so the document fits a new connection's first ten packets.
    accepted = request.accept_encodings
    return next((coding for coding in _QUICKLY if accepted.quality(coding)), "")


def squeezed(html: str) -> str:
    """Return a page of guidance without what means nothing; it may hold no `pre`."""
    # Before the end of the script "<p" need not be a tag.
    head, end, body = html.strip().partition("</script>")
    body = _ENDS.sub("", _BESIDE.sub(r"\1", body))
    return head + end + _LINES.sub("\n", body)
