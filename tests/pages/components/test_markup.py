"""Text from data never becomes markup, nor Markdown, nor ends the block it stands in."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from pages.components.markup import empty, escape, link, menu, panel


@given(st.text())
def test_escaped_text_holds_no_markup_and_no_line_break(text: str) -> None:
    written = escape(text)
    assert not set(written) & {"<", ">", '"', "'", "\n", "\r", "\t", "\u2028"}
    assert html.unescape(written).split() == html.unescape(html.escape(text)).split()


@given(st.text(), st.text())
def test_blocks_hold_one_tag_more_than_they_were_given(title: str, remedy: str) -> None:
    drawn = empty(title, remedy)
    assert drawn.count("<") == drawn.count(">") == 4
    assert "\n" not in drawn


def test_a_link_is_an_ordinary_address_that_opens_within_the_session() -> None:
    drawn = link("./map?unit=752&lang=en", "<b>x</b>", css="tc-tile", label='Long "Điền"', current=True)
    assert drawn.startswith('<a data-go href="./map?unit=752&amp;lang=en" class="tc-tile"')
    assert 'aria-label="Long &quot;Điền&quot;"' in drawn
    assert 'aria-current="page"' in drawn


def test_a_menu_marks_what_is_chosen() -> None:
    drawn = menu("Theme", {"Light": "./?theme=light", "Dark": "./?theme=dark"}, "Dark")
    assert drawn.count("aria-current") == 1
    assert '<a data-go href="./?theme=dark" aria-current="page">Dark</a>' in drawn


def test_a_panel_leaves_out_what_is_not_said() -> None:
    assert "tc-what" not in panel("t", "", "body")
    assert "tc-foot" in panel("t", "w", "body", foot="f")
