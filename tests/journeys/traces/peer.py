"""GOV.UK's *Exit this page* on a page with Stilla's content, to compare with."""

import re
import shutil
import ssl
import subprocess
import tarfile
import urllib.request
from pathlib import Path

from tests.journeys.traces.hosts import AWAY, SITE, Hosts
from tests.journeys.traces.site import Pages

_PACKAGE = "govuk-frontend@6.6.0"
_BUTTON = """
<div class="govuk-exit-this-page" data-module="govuk-exit-this-page">
<a href="{away}" role="button" draggable="false" data-module="govuk-button"
 class="govuk-button govuk-button--warning govuk-exit-this-page__button
 govuk-js-exit-this-page-button" rel="nofollow noreferrer">
<span class="govuk-visually-hidden">Emergency</span> Exit this page</a></div>
"""
_START = """<script type="module">
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
import {{ initAll }} from '{origin}/page.js'
initAll()
</script>"""


def fetched(folder: Path) -> Path | None:
    """Fetch the component with npm; without npm there is nothing to compare with."""
    if not shutil.which("npm"):
        return None
    asked = ["npm", "pack", "--silent", "--pack-destination", str(folder), _PACKAGE]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)
    (packed,) = folder.glob("govuk-frontend-*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "dist" / "govuk"


def peer_pages(hosts: Hosts, component: Path, origin: str) -> Pages:
    """Return the pages of the peer: Stilla's first page with the other way out."""
    script = (component / "govuk-frontend.min.js").read_text()
    style = (component / "govuk-frontend.min.css").read_text()
    page = _stilla(hosts)
    page = re.sub(r"(?s)<script>.*?</script>", f"<style>{style}</style>", page, count=1)
    button = _BUTTON.format(away=hosts.origin(AWAY) + "/")
    page = re.sub(r'(?s)<a class="leave".*?</a>', lambda _: button, page, count=1)
    start = _START.format(origin=origin)
    served = {"/page.js": script, "/": page.replace("</body>", start + "</body>")}
    # Elsewhere it has no script: not all browsers can turn it off.
    return lambda path: served.get(path, page)


def _stilla(hosts: Hosts) -> str:
    """Read Stilla's first page, as a crawler does."""
    trusted = ssl.create_default_context(cafile=str(hosts.authority))
    trusted.check_hostname = False  # asked by its address: only browsers know the name
    address = f"https://{hosts.addresses[SITE]}:{hosts.port}/en/"
    asked = urllib.request.Request(address, headers={"Host": SITE})
    with urllib.request.urlopen(asked, context=trusted) as answer:
        return str(answer.read().decode())
