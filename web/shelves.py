"""Where words stand: Stilla's own translations/, and the municipality's folder.

What the municipality has (STILLA_CONTENT_DIR) wins, file by file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "translations"


@dataclass(frozen=True, slots=True)
class Shelves:
    """Both folders, each with a folder for each language."""

    own: Path | None = None
    package: Path = PACKAGE

    def files(self, locale: str, folder: str) -> Mapping[str, Path]:
        """Return the Markdown files of a language's folder, by their stem, sorted."""
        found = {
            path.stem: path
            for root in (self.package, self.own)
            if root is not None
            for path in (root / locale / folder).glob("*.md")
        }
        return dict(sorted(found.items()))

    def file(self, *parts: str) -> Path | None:
        """Return a file, the municipality's before Stilla's; None where none is."""
        roots = (root for root in (self.own, self.package) if root is not None)
        paths = (root.joinpath(*parts) for root in roots)
        return next((path for path in paths if path.exists()), None)
