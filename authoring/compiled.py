"""What one build keeps for the next: templates as code, and scripts and style sheets made small."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from jinja2 import FileSystemBytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from authoring.joiner import minifier, small

# How templates are read: compiled in, and so a part of what tells one compiled template from another.
TEMPLATES: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}


class Compiled(FileSystemBytecodeCache):
    """Templates kept compiled from one build to the next; what is wrong with their folder costs time and no more."""

    def get_source_checksum(self, source: str) -> str:
        """Of the source and of the options, which are compiled in."""
        return super().get_source_checksum(f"{TEMPLATES}{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Leave the bucket empty where the file cannot be read; one that was cut short fails in many ways."""
        with suppress(Exception):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it where there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled() -> Compiled | None:
    """The compiled templates in a folder that only this user may write to, or None where none can be had."""
    try:
        return Compiled()
    except (OSError, RuntimeError):
        return None


def made_small(kind: Literal["javascript", "css"], text: str) -> str:
    """As joiner.small, kept beside the compiled templates from one build to the next."""
    kept = compiled()
    if kept is None:
        return small(kind, text)
    path = Path(kept.directory) / f"ktb-{hashlib.sha256(f'{minifier()} {kind} {text}'.encode()).hexdigest()}"
    with suppress(OSError, ValueError):
        digest, found = path.read_text(encoding="utf-8").split("\n", 1)
        if digest == hashlib.sha256(found.encode()).hexdigest():
            return found
    made = small(kind, text)
    part = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        part.write_text(f"{hashlib.sha256(made.encode()).hexdigest()}\n{made}", encoding="utf-8")
        os.replace(part, path)
    return made
