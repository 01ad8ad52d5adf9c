"""A page as it is sent: squeezed, and compressed as small as it gets."""

import gzip
import re
from dataclasses import dataclass

import brotli

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


def squeezed(html: str) -> str:
    """Return a page of guidance without what means nothing; it may hold no `pre`."""
    # Before the end of the script "<p" need not be a tag.
    head, end, body = html.strip().partition("</script>")
    body = _ENDS.sub("", _BESIDE.sub(r"\1", body))
    return head + end + _LINES.sub("\n", body)
