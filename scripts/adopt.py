"""Adopt from an official description what is additive and safe, regenerate, and print what is left.

Exits with 0 if that worked, even if something is left, with 1 if the generator refuses the result, and with 2 if
nothing could be compared; unless it is 0, nothing has changed. Running it twice changes nothing more.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator

from comparison import report
from comparison.adoption import Adoption, fragment, inserted, line_of, with_deviations
from comparison.deviations import load_deviations
from comparison.findings import Finding
from comparison.reading import ComparisonError, read
from comparison.users import Users
from drift import DEVIATIONS
from generation.description import RegenerationError
from generation.replacement import contents, swap, temporary_sibling
from regenerate import DESCRIPTION, ROOT, TARGET, generate, tell

CHANGELOG = ROOT / "CHANGELOG.md"


def adopt(source: str, date: str, *, changelog: bool) -> None:
    """Take over what can be, all or nothing.

    :raises ComparisonError: when the source can't be compared.
    :raises RegenerationError: when the generator refuses what would come of it.
    """
    adoption = Adoption(DESCRIPTION.read_text("utf-8"), read(source), load_deviations(DEVIATIONS), date)
    left = adoption.run()
    if not adoption.taken:
        print("nothing to adopt")
    else:
        before = contents(TARGET)
        with temporary_sibling(TARGET) as work:
            description, fresh = work / DESCRIPTION.name, work / TARGET.name
            description.write_text(adoption.text, "utf-8")
            generate(description, fresh)
            description.replace(DESCRIPTION)
            swap(fresh, TARGET)
        if adoption.sharing:
            known = DEVIATIONS.read_text("utf-8") if DEVIATIONS.exists() else ""
            DEVIATIONS.write_text(with_deviations(known, adoption.sharing), "utf-8")
        proposed = fragment(adoption.taken)
        if changelog:
            CHANGELOG.write_text(inserted(CHANGELOG.read_text("utf-8"), proposed), "utf-8")
        for finding in adoption.taken:
            print(f"adopted: {finding.name}, {finding.change}: {finding.new}  ({finding.operation})")
        for entry in adoption.sharing:
            print(f"deviation: {entry['name']}, {entry['change']}: shared with {', '.join(entry['operations'])}")
        if proposed:
            print("in the changelog:" if changelog else "for the changelog:", *proposed, sep="\n  ")
        tell(before, contents(TARGET))
    users = Users()
    if left:
        print("left for you to decide:")
        report.as_table([users.touched(finding) for finding in left], [])
    lines = [line for finding in adoption.taken for line in _by_hand(finding, users)]
    if lines:
        print("to do by hand:", *dict.fromkeys(lines), sep="\n  ")


def _by_hand(finding: Finding, users: Users) -> Iterator[str]:
    """Say where something new needs words in the description, or a place in the facade."""
    if finding.change not in {"property added", "parameter added"}:
        return
    spec = DESCRIPTION.relative_to(ROOT)
    yield f"{spec}:{line_of(DESCRIPTION.read_text('utf-8'), finding)}: {finding.name}: say what it is in `description`"
    if finding.place.startswith("response"):
        if not users.shown(finding.name):
            yield f"{users.shown_by(finding.name) or spec}: make {finding.name} a field, and remove its `x-left-out`"
        return
    for method in sorted(users.callers(finding.operation_id)):
        yield f"{method}: let it take {finding.name}, and remove its `x-left-out`"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a file or a URL")
    parser.add_argument("--changelog", action="store_true", help="write the proposed lines into CHANGELOG.md")
    arguments = parser.parse_args()
    try:
        adopt(arguments.source, dt.datetime.now(dt.UTC).date().isoformat(), changelog=arguments.changelog)
    except ComparisonError as error:
        print(f"could not compare: {error}", file=sys.stderr)
        return 2
    except RegenerationError as error:
        print(f"nothing was adopted: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
