"""Every row of the groups Sources, Files and State of the faults to survive has a test that bears its number.

A test says which row it tries by its name, `test_fault_<row>_<what must be seen>`, wherever it stands; what counts is
what pytest itself collects.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"::test_fault_(\d+)_")
SOURCES, FILES, STATE = range(1, 29), range(29, 39), range(68, 82)
NEVER_RUN = re.compile(r"@pytest\.mark\.(skip|xfail)\b")


def test_every_row_of_sources_files_and_state_has_a_test_of_its_number() -> None:
    holding = [path for path in (ROOT / "tests").rglob("test_*.py") if "def test_fault_" in path.read_text("utf-8")]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-k", "test_fault_"]
    found = subprocess.run(
        [*command, *map(str, holding)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=250
    )
    assert found.returncode == 0, found.stdout[-2000:] + found.stderr[-2000:]
    tried = {int(number) for number in NAMED.findall(found.stdout)}
    wanted = {*SOURCES, *FILES, *STATE}
    assert sorted(wanted - tried) == []


def test_no_test_of_a_row_is_switched_off() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        text = path.read_text("utf-8")
        assert "def test_fault_" not in text or not NEVER_RUN.search(text), path.name
