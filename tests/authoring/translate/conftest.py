"""What a translator's round trip needs: the rows of a course, ktb translate as a function, and a folder's bytes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.cli import main
from authoring.source import read
from authoring.translate.pairs import page_pairs
from authoring.translate.rows import rows


@pytest.fixture
def exported():
    """The rows that an export of a course's folder holds, by unit id."""
    return lambda folder: {row.id: row for row in rows(page_pairs(read(folder)))}


@pytest.fixture
def ktb():
    """Runs ktb with some words; answers click's result."""
    return lambda *words: CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)


@pytest.fixture
def contents():
    """Every file of a folder with its bytes."""

    def of(folder):
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    return of


@pytest.fixture(params=sorted(path.name for path in (Path(__file__).parents[2] / "courses").iterdir()))
def tiny(request, tmp_path):
    """The folder of each tiny course in turn."""
    import shutil

    folder = tmp_path / request.param
    shutil.copytree(Path(__file__).parents[2] / "courses" / request.param, folder)
    return folder
