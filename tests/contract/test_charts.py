"""Every drawing on every page: a title, units of measurement, source, as of, and its finding in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pages.components.navigation import PAGES
from tests.contract.test_surfaces import data  # noqa: F401 (the release of every dataset's example)
from tests.pages import outbreak
from tests.pages.conftest import Open, _nothing_cached, open_page, shown, steady_data  # noqa: F401 (fixtures)
from tests.pages.sent import sent

DRAWINGS = {"tc-chart", "tc-map", "tc-share", "tc-lane", "tc-squares", "tc-course-of-level"}
"""The classes of everything that shows figures by position, length or colour and is not a table."""
LABELS = {
    "is-units": re.compile(r"(Đơn vị đo:|Measured in) \S.*"),
    "is-source": re.compile(r"(Nguồn|Source): \S.*"),
    "is-as-of": re.compile(r".*\d\d:\d\d.*"),
}
FINDING = re.compile(r"\d|\b(chưa|không|mọi|no|not|every)\b", re.IGNORECASE)
"""A finding has a figure, or says that there is none."""
VOID = {"br", "img", "input", "path", "rect", "circle", "line", "polyline", "hr", "use", "stop", "meta", "link"}


@dataclass
class Node:
    """One element and what is in it."""

    tag: str
    names: dict[str, str]
    parent: Node | None
    children: list[Node] = field(default_factory=list)
    text: str = ""

    @property
    def css(self) -> set[str]:
        return set(self.names.get("class", "").split())

    def every(self) -> list[Node]:
        return [self, *(below for child in self.children for below in child.every())]

    def words(self) -> str:
        return self.text + " ".join(child.words() for child in self.children)

    def above(self) -> list[Node]:
        return [] if self.parent is None else [self.parent, *self.parent.above()]


class Tree(HTMLParser):
    """The elements of a page as the browser gets them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.here = Node("root", {}, None)
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Node(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        found = next((node for node in (self.here, *self.here.above()) if node.tag == tag), None)
        if found is not None and found.parent is not None:
            self.here = found.parent

    def handle_data(self, data: str) -> None:  # noqa: F811
        self.here.text += data


def drawings(html: str) -> list[Node]:
    """The drawings of a page; a strip of days without a plot is the axis of the drawings above it."""
    found = [node for node in Tree(html).root.every() if node.css & DRAWINGS]
    return [node for node in found if not any("tc-lane-x" in above.css for above in node.above())]


def card(node: Node) -> list[Node]:
    """What stands in the panel of a drawing; without one, as beside a deck, in the blocks just before and after it."""
    above = node.above()
    panel = next((one for one in above if "tc-panel" in one.css), None)
    if panel is not None:
        return panel.every()
    block = next(one for one in above if "tc" in one.css)
    blocks = above[-1].children
    place = blocks.index(block)
    return [one for near in blocks[max(place - 1, 0) : place + 2] for one in near.every()]


def wrong(html: str) -> list[str]:
    """What a drawing of the page lacks, named by its alternative text."""
    said = []
    for node in drawings(html):
        alt = node.names.get("aria-label", "")
        beside = card(node)
        title = next((one.words() for one in beside if one.tag == "h2"), "")
        basis = next((one for one in beside if "tc-basis" in one.css), None)
        parts = {name: one.words() for one in (basis.every() if basis else []) for name in one.css}
        lacks = [] if title.strip() else ["title"]
        lacks += [name for name, label in LABELS.items() if not label.fullmatch(parts.get(name, ""))]
        lacks += [] if len(alt.split()) >= 3 else ["alternative text of three words"]
        lacks += [] if FINDING.search(alt) else ["finding"]
        if points(node):
            lacks += [] if node.names.get("role") == "figure" and node.names.get("tabindex") == "0" else ["keyboard"]
        elif "tc-lane" not in node.css:  # a lane in which nothing was sent has no point
            lacks.append("points")
        if lacks:
            said.append(f"{sorted(node.css)} {alt!r}, {title!r}: {lacks}")
    return said


def points(node: Node) -> list[str]:
    """The words of the points, as frame.js reads them."""
    if "data-said" in node.names:
        return node.names["data-said"].split("|")
    named = [one.names["aria-label"] for one in node.every()[1:] if "aria-label" in one.names]
    return named + [one.words() for one in node.every() if one.tag == "title"]


@pytest.mark.parametrize("page", [entry.name for entry in PAGES if entry.name != "submit"])
def test_every_drawing_says_what_it_shows_and_can_be_read_by_keyboard(
    open_page: Open,  # noqa: F811
    data: Path,  # noqa: F811
    page: str,
) -> None:
    html = shown(open_page(page, data=data, role="analyst", day="2021-08-21"))
    assert wrong(html) == []


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grown")
    outbreak.release().write(folder)
    return folder


LEAST = {"overview": 2, "rankings": 1, "map": 2, "cases": 3, "mobility": 3, "testing": 2}


@pytest.mark.parametrize("page", list(LEAST))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_of_an_outbreak_have_drawings_and_all_of_them_say_it(
    open_page: Open,  # noqa: F811
    steady_data: Path,  # noqa: F811
    grown: Path,
    page: str,
    language: str,
) -> None:
    html = shown(open_page(page, data=grown if page in ("cases", "mobility") else steady_data, lang=language))
    assert wrong(html) == []
    assert len(drawings(html)) >= LEAST[page]


def test_the_playback_of_trails_says_it_too(open_page: Open, grown: Path) -> None:  # noqa: F811
    """A figure of ECharts is no HTML: its words go to the browser with it."""
    app = open_page("trails", data=grown)
    nodes = Tree(shown(app)).root.every()
    basis = next(one for one in nodes if "tc-basis" in one.css)
    parts = {name: one.words() for one in basis.every() for name in one.css}
    assert [name for name, label in LABELS.items() if not label.fullmatch(parts.get(name, ""))] == []
    title = next(one.words() for one in nodes if one.tag == "h2")
    assert len(title.split()) >= 3
    assert sent(app).count(title) >= 2  # above the figure, and as its alternative text


def test_a_drawing_that_lacks_something_is_found() -> None:
    chart = '<div class="tc-chart" role="figure" tabindex="0" aria-label="Ca mới 3 ca, đi ngang" data-said="a|b"></div>'
    basis = '<p class="tc-basis"><span class="is-units">Đơn vị đo: ca</span><span class="is-source">Nguồn: A</span>'
    whole = (
        f'<section class="tc-panel"><h2>Ca mới</h2>{chart}{basis}<span class="is-as-of">đến 18:00</span></p></section>'
    )
    assert wrong(whole) == []
    for lacking in (
        whole.replace("<h2>Ca mới</h2>", "<h2></h2>"),
        whole.replace("Đơn vị đo: ca", "Đơn vị đo: "),
        whole.replace('<span class="is-source">Nguồn: A</span>', ""),
        whole.replace("đến 18:00", ""),
        whole.replace("Ca mới 3 ca, đi ngang", "Ca mới"),
        whole.replace("Ca mới 3 ca, đi ngang", "Diễn biến của ca mới"),
        whole.replace(' tabindex="0"', ""),
        whole.replace(' data-said="a|b"', ""),
    ):
        assert len(wrong(lacking)) == 1, lacking
