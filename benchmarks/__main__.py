"""`python -m benchmarks [NAME ...]`: the benchmarks, each with a table of figures; names are those of the modules."""

from __future__ import annotations

import argparse
import importlib
import os
import tempfile
import time
from dataclasses import fields
from pathlib import Path

from benchmarks.measured import HEAD
from benchmarks.sizes import Sizes

BENCHMARKS = ("ingest", "forms", "page_queries", "aid_queries", "viewers", "first_view", "unit_names")


def main() -> None:
    """Run what is asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument(
        "--place", type=Path, help="a folder for what is generated, some GB; a temporary one by default"
    )
    for field in fields(Sizes):
        parser.add_argument(
            f"--{field.name.replace('_', '-')}", type=int, default=field.default, help="default %(default)s"
        )
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: unknown; there are {', '.join(BENCHMARKS)}")
    sizes = Sizes(**{field.name: getattr(given, field.name) for field in fields(Sizes)})
    for name in given.names or BENCHMARKS:
        begun, load = time.perf_counter(), os.getloadavg()[0]
        print(f"\n## {name}\n\n{HEAD}", flush=True)
        with tempfile.TemporaryDirectory(dir=given.place, prefix=f"benchmark-{name}-") as folder:
            for figure in importlib.import_module(f"benchmarks.{name}").run(sizes, Path(folder)):
                print(figure.line(), flush=True)
        print(f"\n{time.perf_counter() - begun:.0f} s in all; load when it began: {load:.1f}", flush=True)


if __name__ == "__main__":
    main()
