"""static/leave.min.js: the visitors' script with short names, as pages carry it.

`python -m tests.short_script` (`make script`) writes it with esbuild.
"""

import subprocess
from pathlib import Path

from web.inlined import mark
from web.settings import ROOT

SOURCE = ROOT / "static" / "leave.js"


def shortened(path: Path = SOURCE) -> str:
    """Return a script as it is to be sent, after the line that names its source."""
    command = ["esbuild", "--minify", "--target=es2017", str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return mark(path) + said.stdout


if __name__ == "__main__":
    SOURCE.with_suffix(".min.js").write_text(shortened(), "utf-8")
