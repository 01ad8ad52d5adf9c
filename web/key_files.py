"""The secrets of the three processes: one file each, readable by its owner alone.

`python -m web.key_files FOLDER` makes them for production; the demonstration's carry
the mark `demo-`, which production refuses.
"""

import argparse
import os
import secrets
from pathlib import Path

from intake.vault import KeyPair

DEMO_MARK = "demo-"
FACES = ("public", "staff", "worker")


def make(folder: Path, mark: str = "", extra: dict[str, str] | None = None) -> None:
    """Write the three files that are missing all together; existing ones stay.

    Raises FileExistsError when only some are there: new keys would not fit the others.
    """
    there = [face for face in FACES if _path(folder, face).exists()]
    if len(there) == len(FACES):
        return
    if there:
        raise FileExistsError(f"{folder} holds some of the secrets, but not all")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for face, lines in _secrets(mark).items():
        lines = {"STILLA_FACE": face, **lines, **(extra or {})}
        _write(_path(folder, face), lines)


def read(folder: Path, face: str) -> dict[str, str]:
    """Return one process's secrets as environment variables."""
    lines = _path(folder, face).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _secrets(mark: str) -> dict[str, dict[str, str]]:
    worker = KeyPair.generate()
    pepper = f"1:{mark}{secrets.token_hex(32)}"
    event_keys = {face: mark + secrets.token_hex(32) for face in FACES}
    return {
        "public": {
            "STILLA_FORM_KEY": mark + secrets.token_hex(32),
            "STILLA_RECEIPT_PEPPER": pepper,
            "STILLA_EVENT_KEY": event_keys["public"],
            "STILLA_WORKER_PUBLIC_KEY": worker.public.hex(),
        },
        # The same pepper: what staff give in a call (S6) opens at the visitors' site.
        "staff": {
            "STILLA_SESSION_KEY": mark + secrets.token_hex(32),
            "STILLA_ACCOUNT_KEY": mark + secrets.token_hex(32),
            "STILLA_RECEIPT_PEPPER": pepper,
            "STILLA_EVENT_KEY": event_keys["staff"],
            "STILLA_WORKER_PUBLIC_KEY": worker.public.hex(),
        },
        "worker": {
            "STILLA_WORKER_SECRET_KEY": mark + worker.secret.hex(),
            "STILLA_NUMBER_KEY": mark + secrets.token_hex(32),
            "STILLA_EVENT_KEY": event_keys["worker"],
        },
    }


def _path(folder: Path, face: str) -> Path:
    return folder / f"{face}.env"


def _write(path: Path, lines: dict[str, str]) -> None:
    # Made with its rights, not narrowed later: there is no moment to read it in.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in lines.items())


def main() -> None:
    """Make production's secret files in the folder that is named."""
    parser = argparse.ArgumentParser(description="Make the secrets of the processes.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--training", action="store_true", help="for practice only")
    given = parser.parse_args()
    folder, practice = given.folder, given.training
    make(folder, *((DEMO_MARK, {"STILLA_MODE": "training"}) if practice else ()))
    print(f"Made {', '.join(f'{face}.env' for face in FACES)} in {folder}.")  # noqa: T201 - the command's whole answer


if __name__ == "__main__":
    main()
