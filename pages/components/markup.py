"""HTML and SVG as text: every value that comes from data passes through `escape` before it becomes markup.

The product's blocks are one piece of HTML each, shown with `show`. They carry no script; links that should open
within the session have `data-go` (assets/theme/frame.js), and are ordinary addresses without it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

import streamlit as st

BLANKS = re.compile(r"\s+")
MARKDOWN = re.compile(r"[\\`*_\[\]!<>$~|#]")
"""What begins emphasis, code, links, images, colours and formulas; a backslash before it makes it a letter."""
ADDRESSES = re.compile(r"[:@]|www(?=\.)", re.IGNORECASE)
"""What makes addresses and short names of pictures by itself, backslash or not."""
JOINER = "\u2060"
"""A letter nobody sees."""
CHEVRON = '<svg class="tc-chevron" viewBox="0 0 10 6" aria-hidden="true"><path d="M1 1L5 5L9 1"/></svg>'


def escape(value: object) -> str:
    """`value` as text that is inert in HTML, in an attribute and in the Markdown around it.

    Line breaks become blanks: an empty line would end the block, and what follows would be read as Markdown.
    """
    return html.escape(BLANKS.sub(" ", str(value)), quote=True)


def join(parts: Iterable[str]) -> str:
    """Pieces of markup one after the other, without white space between them."""
    return "".join(parts)


def link(address: str, inner: str, *, css: str = "", label: str = "", current: bool = False) -> str:
    """A link that opens within the session; `inner` is markup, `label` what a screen reader says instead."""
    named = f' class="{escape(css)}"' if css else ""
    spoken = f' aria-label="{escape(label)}"' if label else ""
    marked = ' aria-current="page"' if current else ""
    return f'<a data-go href="{escape(address)}"{named}{spoken}{marked}>{inner}</a>'


def panel(title: str, what: str, body: str, *, foot: str = "", css: str = "", below: str = "") -> str:
    """A card: its finding as the title, what is shown beneath it, the drawing, and what must be known about it.

    `below` is markup for its last line: what a drawing is measured in and where its figures come from (basis.py).
    """
    noted = f'<p class="tc-foot">{escape(foot)}</p>' if foot else ""
    said = f'<p class="tc-what">{escape(what)}</p>' if what else ""
    return f'<section class="tc-panel {escape(css)}"><h2>{escape(title)}</h2>{said}{body}{noted}{below}</section>'


def menu(title: str, links: Mapping[str, str], current: str, css: str = "") -> str:
    """A list that opens under its title; `links` are label: address, `current` the label of what is shown now."""
    items = join(
        f"<li>{link(address, escape(label), current=label == current)}</li>" for label, address in links.items()
    )
    return (
        f'<details class="tc-menu {escape(css)}"><summary>{escape(title)}{CHEVRON}</summary><ul>{items}</ul></details>'
    )


def paragraphs(*sentences: str) -> str:
    """Running text, a paragraph for each of `sentences` that says something."""
    return join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence.strip())


def soft(sentence: str) -> str:
    """A sentence beside a field, in the soft colour."""
    return f'<p class="tc-soft">{escape(sentence)}</p>'


def literal(said: str) -> str:
    """Words of others for a place of Streamlit that reads Markdown, as a label does: shown letter by letter."""
    return ADDRESSES.sub(rf"\g<0>{JOINER}", MARKDOWN.sub(r"\\\g<0>", BLANKS.sub(" ", said)))


def empty(title: str, remedy: str) -> str:
    """A designed empty state: what is missing in one sentence, and what to do about it in another."""
    return f'<div class="tc-empty" role="status"><b>{escape(title)}</b>{escape(remedy)}</div>'


def show(*parts: str) -> None:
    """Draw pieces of markup as one block of the page."""
    st.markdown(f'<div class="tc">{join(parts)}</div>', unsafe_allow_html=True)


def style(rules: str) -> None:
    """Rules of a style sheet for this page; of the product's own words and numbers, never of anybody's data."""
    show(f"<style>{rules}</style>", '<i class="tc-nothing"></i>')
