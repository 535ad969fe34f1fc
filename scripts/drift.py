"""Compare an official description with spec/images.yaml, by meaning.

Exits with 0 if nothing is new, with 1 if there are findings, and with 2 if nothing could be compared.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from comparison import report
from comparison.compare import compare, outlines
from comparison.deviations import load_deviations, unexplained
from comparison.findings import Finding
from comparison.reading import ComparisonError, read
from comparison.users import Users

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = ROOT / "spec" / "images.yaml"
DEVIATIONS = ROOT / "spec" / "deviations.yaml"


def drift(source: str) -> tuple[list[Finding], list[Finding]]:
    """Find what is new in a source, and what is known.

    :raises ComparisonError: when that can't be done.
    """
    ours = read(str(DESCRIPTION))
    found = compare(ours, read(source))
    left = unexplained(found, load_deviations(DEVIATIONS), outlines(ours))
    users = Users()
    return [users.touched(finding) for finding in left], [finding for finding in found if finding not in left]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a file or a URL")
    parser.add_argument("--format", choices=["text", "json", "markdown"], default="text")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    arguments = parser.parse_args()
    try:
        findings, known = drift(arguments.source)
    except ComparisonError as error:
        print(f"could not compare: {error}", file=sys.stderr)
        return 2
    if arguments.format == "text":
        report.as_table(findings, known)
    else:
        print({"json": report.as_json, "markdown": report.as_markdown}[arguments.format](findings, known))
    return 1 if findings and not arguments.exit_zero else 0


if __name__ == "__main__":
    sys.exit(main())
