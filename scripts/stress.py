"""Put the library under stress: ``nightly``, ``soak``, ``scale`` or ``cancel``."""

from __future__ import annotations

import argparse
import sys

from stressing import cancel, nightly, scale, soak

KINDS = {"nightly": nightly, "soak": soak, "scale": scale, "cancel": cancel}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for name, module in KINDS.items():
        text = module.__doc__ or ""
        module.add_options(kinds.add_parser(name, help=text.partition("\n")[0], description=text))
    options = parser.parse_args()
    return int(bool(KINDS[options.kind].run(options)))


if __name__ == "__main__":
    sys.exit(main())
