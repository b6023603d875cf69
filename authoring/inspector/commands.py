"""The command ``ktb inspect``."""

import json
import sys
from pathlib import Path

import click

from authoring.inspector.findings import Finding, plain
from authoring.inspector.inspect import Report
from authoring.inspector.inspect import inspect as inspect_package


@click.command()
@click.argument("file", metavar="FILE.zip", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", help="For people or for programs."
)
def inspect(file: Path, shape: str) -> None:
    """Say what is wrong with a package, ours or anybody's: SCORM 1.2, SCORM 2004, cmi5 or tincan.

    Exit code 0 where there is no error, 1 where there is one, 2 for misuse. Nothing is unpacked or fetched.
    """
    try:
        report = inspect_package(file)
    except OSError as error:
        raise click.UsageError(f"{plain(str(file))} cannot be read: {error.strerror or error}.") from None
    click.echo(as_json(report.findings) if shape == "json" else as_text(plain(file.name), report))
    sys.exit(any(finding.severity == "error" for finding in report.findings))


def as_json(findings: list[Finding]) -> str:
    """``{"findings": [{"rule", "severity", "where", "message"}]}``."""
    return json.dumps({"findings": [finding._asdict() for finding in findings]}, ensure_ascii=False, indent=1)


def as_text(name: str, report: Report) -> str:
    """A line for each finding, and a last one that counts them."""
    lines = [f"{one.where}: {one.severity}: {one.rule} {one.message}" for one in report.findings]
    errors = sum(finding.severity == "error" for finding in report.findings)
    counts = f"{_number(errors, 'error')}, {_number(len(report.findings) - errors, 'warning')}"
    return "\n".join([*lines, f"{name}: {report.kind or 'no package'}, {counts}."])


def _number(count: int, thing: str) -> str:
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"
