"""Nothing asked by one role or of one release is ever answered to another."""

from __future__ import annotations

import ast
from pathlib import Path

from analytics.release import Release, open_release
from pages.components import cached
from tests.pages.steady_province import LAST, newer, steady_province

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
CACHES = {"cache_data", "cache_resource"}


@cached.per_release
def who(release: Release, scope: str) -> tuple[str, str, str]:
    return release.id, release.role, scope


def test_answers_are_kept_by_release_role_and_scope(tmp_path: Path) -> None:
    steady_province().write(tmp_path)
    leader, analyst = open_release(tmp_path, "leader"), open_release(tmp_path, "analyst")
    newer(tmp_path, 3)
    later = open_release(tmp_path, "leader")
    answers = {who(release, scope) for release in (leader, analyst, later) for scope in ("752", "747")}
    assert len(answers) == 6
    assert who(leader, "752") == (leader.id, "leader", "752")
    for release in (leader, analyst, later):
        release.close()


def test_an_answer_is_worked_out_once(tmp_path: Path) -> None:
    steady_province().write(tmp_path)
    release = open_release(tmp_path, "leader")
    asked = []

    @cached.per_release
    def counted(release: Release, scope: str) -> str:
        asked.append(scope)
        return scope

    assert [counted(release, "a"), counted(release, "a"), counted(release, "b")] == ["a", "a", "b"]
    assert asked == ["a", "b"]
    release.close()


def test_functions_of_the_same_name_in_two_pages_do_not_answer_for_each_other(tmp_path: Path) -> None:
    steady_province().write(tmp_path)
    release = open_release(tmp_path, "leader")
    found = []
    for number in (1, 2):
        source = f"@per_release\ndef block(release):\n    return {number}\n"
        names = {"per_release": cached.per_release}
        exec(compile(source, f"pages/page_{number}.py", "exec"), names)  # noqa: S102
        found.append(names["block"](release))
    assert found == [1, 2]
    release.close()


def test_a_release_is_opened_once_for_each_role(tmp_path: Path) -> None:
    identifier = steady_province().write(tmp_path)
    first, again = (cached.release(tmp_path, "leader", identifier) for _ in range(2))
    assert first is again
    assert cached.release(tmp_path, "analyst", identifier).role == "analyst"


def test_only_one_module_caches_and_never_past_its_key() -> None:
    for path in PAGES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in CACHES:
                assert path.name == "cached.py", f"{path.name} caches by itself"
            if isinstance(node, ast.FunctionDef):
                decorated = any(
                    "per_release" in ast.dump(item) or "cache_" in ast.dump(item) for item in node.decorator_list
                )
                arguments = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
                hidden = [name for name in arguments if name.startswith("_")]
                assert not (decorated and hidden), f"{path.name}: {node.name} hides {hidden} from the key"


def test_every_cache_is_bounded() -> None:
    source = (ROOT / "pages" / "components" / "cached.py").read_text(encoding="utf-8")
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CACHES
    ]
    assert len(calls) == 3  # releases, releases as known at a moment, answers
    assert all("max_entries" in {keyword.arg for keyword in call.keywords} for call in calls)


def test_readings_are_those_of_the_day_asked(tmp_path: Path) -> None:
    steady_province().write(tmp_path)
    release = open_release(tmp_path, "leader")
    found = cached.readings(release, ("cases_new",), ("752",), LAST)
    assert found["cases_new", "752"].value == 19
    release.close()
