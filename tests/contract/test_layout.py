"""The shape of the repository that a reader can count on."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("data_sources", "analytics", "pages")
ALLOWED_AT_THE_TOP = {
    "app.py", "pages", "data_sources", "analytics", "assets", "tests", "requirements.txt", "README.md", "Makefile",
    "pyproject.toml", ".streamlit", ".ci", "docs", "examples", "benchmarks", "deploy", ".gitignore", ".gitattributes",
    ".pre-commit-config.yaml", "CHANGELOG.md", "LICENSE",
}  # fmt: skip


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the list of tracked files is not known")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_the_top_level_is_fixed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= ALLOWED_AT_THE_TOP


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [("app.py", 60), ("pages/*.py", 120), *((f"{package}/**/*.py", 400) for package in PACKAGES)],
)
def test_files_stay_short(pattern: str, limit: int) -> None:
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in ROOT.glob(pattern)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) >= limit
    }
    assert too_long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_names = {"utils", "helpers", "misc", "common_utils", "tools"}
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.stem in empty_names]
    assert found == []


def test_sql_values_are_bound_never_formatted_from_requests() -> None:
    """Analytics and pages never build SQL from an f-string with a function's argument in quotes around it."""
    offenders = []
    for package in ("analytics", "pages"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.JoinedStr):
                    continue
                parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
                text = " ".join(str(part) for part in parts).upper()
                quoted_value = any(str(part).rstrip().endswith("= '") for part in parts)
                if "SELECT " in text and " FROM " in text and quoted_value:
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert offenders == []


def test_nothing_tracked_is_large_or_from_another_machine() -> None:
    forbidden = ("/" + "work/", "/" + "root/", "pypi" + ".org", "registry." + "npmjs")
    for path in tracked():
        assert path.stat().st_size < 1_500_000, f"{path} is too large for the repository"
        if path.suffix in {".png", ".woff2", ".ttf", ".parquet", ".xlsx"}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert not [word for word in forbidden if word in text], f"{path} names a path or a host it must not"


def test_nothing_imports_the_app() -> None:
    offenders = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                offenders += [f"{path.relative_to(ROOT)}:{node.lineno}" for name in names if name == "app"]
    assert offenders == []
