"""Take over from an official description what is additive and safe, regenerate, and tell what remains to be done.

Ends with 0 when that has worked, even if something remains, with 1 when the generator refuses the result, and with 2
when nothing could be compared; whenever it isn't 0, nothing has changed. Running it twice changes nothing more.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from comparison import report
from comparison.adoption import Adoption, fragment, inserted, with_deviations
from comparison.deviations import load_deviations
from comparison.findings import Finding
from comparison.reading import ComparisonError, read
from comparison.users import Users
from generation.description import RegenerationError
from generation.replacement import Workshop, contents
from regenerate import DESCRIPTION, ROOT, TARGET, generate, tell
from rich.console import Console

DEVIATIONS = ROOT / "spec" / "deviations.yaml"
CHANGELOG = ROOT / "CHANGELOG.md"


def adopt(source: str, date: str, work: Path, workshop: Workshop, *, changelog: bool) -> None:
    """Take over what can be, all or nothing.

    :raises ComparisonError: when the source can't be compared.
    :raises RegenerationError: when the generator refuses what would come of it.
    """
    adoption = Adoption(DESCRIPTION.read_text("utf-8"), read(source), load_deviations(DEVIATIONS), date)
    left = adoption.run()
    if adoption.taken:
        before = contents(TARGET)
        package = _generated(adoption.text, work)
        files = {DESCRIPTION: adoption.text}
        if adoption.sharing:
            known = DEVIATIONS.read_text("utf-8") if DEVIATIONS.exists() else ""
            files[DEVIATIONS] = with_deviations(known, adoption.sharing)
        if changelog:
            files[CHANGELOG] = inserted(CHANGELOG.read_text("utf-8"), fragment(adoption.taken))
        workshop.put(work, package=package, files=files)
        _tell_taken(adoption, changelog=changelog)
        tell(before, contents(TARGET))
    else:
        print("nothing to take over")
    _tell_left(adoption, left)


def _generated(description: str, work: Path) -> Path:
    staged = work / DESCRIPTION.name
    staged.write_text(description, "utf-8")
    package = work / TARGET.name
    generate(staged, package)
    staged.unlink()
    return package


def _tell_taken(adoption: Adoption, *, changelog: bool) -> None:
    for finding in adoption.taken:
        print(f"taken over: {finding.name}, {finding.change}: {finding.new}  ({finding.operation})")
    for one in adoption.sharing:
        print(
            f"deviation: {one['name']}, {one['change']} in {', '.join(one['operations'])}, which share the description"
        )
    proposed = fragment(adoption.taken)
    if proposed:
        print("in the changelog:" if changelog else "for the changelog:", *proposed, sep="\n  ")


def _tell_left(adoption: Adoption, left: list[Finding]) -> None:
    described = sorted({one.name for one in adoption.taken if one.change in {"property added", "parameter added"}})
    if left or described:
        print("remains to be done by hand:")
    for name in described:
        print(f"  {name}: say what it is in `description`; make it a field or an argument, and remove `x-left-out`")
    if left:
        users = Users()
        findings = [users.touched(one) for one in left]
        report.as_table(findings, 0, Console(width=None if sys.stdout.isatty() else 180))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a file, or an address")
    parser.add_argument("--changelog", action="store_true", help="write the proposed lines into CHANGELOG.md")
    arguments = parser.parse_args()
    workshop = Workshop(TARGET.parent, ROOT)
    try:
        with workshop.opened() as work:
            today = dt.datetime.now(dt.UTC).date().isoformat()
            adopt(arguments.source, today, work, workshop, changelog=arguments.changelog)
    except ComparisonError as error:
        print(f"could not compare: {error}", file=sys.stderr)
        return 2
    except RegenerationError as error:
        print(f"nothing was taken over: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
