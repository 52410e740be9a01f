"""`make setup` where uv is not on the path and the virtual environment has no pip, as uv makes them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def made(folder: Path) -> subprocess.CompletedProcess[str]:
    """`make setup` in `folder`, with the tools of the system alone and no package index."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PIP_NO_INDEX": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.run(["make", "setup"], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_an_environment_without_pip_is_given_it_when_the_requirements_change(tmp_path: Path) -> None:
    pytest.importorskip("ensurepip", reason="this Python cannot make environments with pip (Debian: python3-venv)")
    if shutil.which("make", path="/usr/bin:/bin") is None or shutil.which("uv", path="/usr/bin:/bin"):
        pytest.skip("needs make, and uv elsewhere than among the system's tools")
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "analytics").mkdir()
    (tmp_path / "analytics" / "rates.py").write_text("WEEK = 7\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True)
    requirements, installed = tmp_path / "requirements.txt", tmp_path / ".venv" / ".installed"
    requirements.write_text("# nothing\n", encoding="utf-8")
    done = made(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        subprocess.run([tmp_path / ".venv" / "bin" / "python", "-m", "pip", "--version"], check=False).returncode == 0
    )
    assert installed.exists()
    # Compiled, so that no start has to do it again.
    assert len(list((tmp_path / "analytics" / "__pycache__").glob("rates.*.pyc"))) == 1

    # What cannot be installed fails, and is tried again the next time.
    requirements.write_text("toancanh-has-no-such-package==1\n", encoding="utf-8")
    later = installed.stat().st_mtime + 10
    os.utime(requirements, (later, later))
    assert made(tmp_path).returncode != 0
    assert installed.stat().st_mtime < later
