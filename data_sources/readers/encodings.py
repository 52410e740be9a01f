"""In which code a text is written: Unicode in its forms, or one of the old Vietnamese codes; found out, never guessed.

Bytes that are valid UTF-8 or UTF-16 say so themselves. For the others each old code is tried, and the one that makes
Vietnamese of the accented words is taken; if none does, or two do equally well, the text is refused.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data_sources.messages import Message
from data_sources.readers import legacy_letters as letters
from data_sources.readers.syllables import likeness, words_of_forms
from data_sources.refusal import Refused

SAMPLE_BYTES = 1_048_576
SPREAD_BYTES = 65_536
"""Beyond its first megabyte a file is looked at in four more places, where names may begin that the top lacks."""
SURE_SHARE = 0.75
"""Names of districts score 0.98 in their own code and at most 0.53 in any other (705 names, measured)."""
CLEAR_MARGIN = 0.2
"""The best code must be this much better than the next, or common words of forms must decide."""
LEAST_WORDS = 2
"""One odd letter in a text is a foreign name, not an old font."""
BLOCK_BYTES = 4 * 1_048_576

Transform = Callable[[str], str]

OLD_CODES: dict[str, Transform] = {
    "tcvn3": letters.from_tcvn3,
    "vni": letters.from_vni,
    "cp1258": letters.from_cp1258,
    "viscii": letters.from_viscii,
}
FONT_CODES: dict[str, Transform] = {
    "tcvn3": letters.from_tcvn3,
    "vni": letters.from_vni,
    "utf-8 read twice": letters.from_utf8_twice,
}
"""Codes in which text that is itself Unicode may still be typed, by an old font or a wrong import."""
OTHER_NAMES = {
    "abc": "tcvn3",
    "tcvn": "tcvn3",
    "tcvn-3": "tcvn3",
    "windows-1258": "cp1258",
    "vni-win": "vni",
    "utf8": "utf-8",
    "utf16": "utf-16",
}
_NOT_VIETNAMESE = frozenset("¡¢£¤¥¦§¨©ª«¬®¯±²³´µ¶·¸¹º»¼½¾¿ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþÿƒ‘’“”•–—˜™š›œžŸ€‚„…†‡ˆ‰Š‹ŒŽ")
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file become text: a codec, and a table where the codec gives codes and not letters."""

    name: str
    codec: str
    transform: Transform | None = None

    @property
    def is_utf8(self) -> bool:
        """True when the bytes can be read as they are."""
        return self.codec in ("utf-8", "ascii") and self.transform is None

    def decode(self, sample: bytes) -> str:
        """The text of `sample`, whose last character may be cut."""
        decoder = codecs.getincrementaldecoder(self.codec)("strict")
        text = decoder.decode(sample)
        return unicodedata.normalize("NFC", self.transform(text) if self.transform else text)


def sample_of(path: Path) -> bytes:
    """The first megabyte of a file and, if it is longer, four more pieces of it on line boundaries."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
        if size <= SAMPLE_BYTES or _looks_utf16(sample):
            return sample
        sample = _without_cut_letter(sample)
        for quarter in (1, 2, 3, 4):
            stream.seek(max(SAMPLE_BYTES, size * quarter // 4 - SPREAD_BYTES))
            piece = stream.read(SPREAD_BYTES)
            sample += b"\n" + piece.partition(b"\n")[2].rpartition(b"\n")[0]
    return sample


def _without_cut_letter(sample: bytes) -> bytes:
    """`sample` with blanks in place of a letter of UTF-8 that begins in its last bytes and ends behind them."""
    for behind, byte in enumerate(reversed(sample[-3:]), start=1):
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return sample[:-behind] + b" " * behind if behind < length else sample
        if byte < 0x80:
            break
    return sample


def find_encoding(sample: bytes, declared: str | None, where: str) -> Encoding:
    """The encoding of a text of which `sample` is a part; Refused when it cannot be told."""
    if declared is not None:
        return _declared(sample, declared, where)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return _checked(sample, Encoding(name, name), where)
    wide = _looks_utf16(sample)
    if wide:
        return _checked(sample, Encoding(wide, wide), where)
    if b"\x00" in sample:
        raise Refused("nul_bytes", file=where)
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
        return Encoding("utf-8", "utf-8")
    except UnicodeDecodeError:
        return _old_code(sample.decode("latin-1"), where)


def may_be_a_font(text: str) -> bool:
    """True when `text` has a letter that no Vietnamese word has, as text typed in an old font does."""
    return not _NOT_VIETNAMESE.isdisjoint(text)


def find_font_code(texts: Iterable[str]) -> str | None:
    """The old code in which Unicode texts are in truth typed, or None when they read as they stand."""
    suspicious = [text for text in texts if may_be_a_font(text)]
    if not suspicious:
        return None
    as_written = likeness(suspicious)
    read = {name: likeness(map(transform, suspicious)) for name, transform in FONT_CODES.items()}
    found = max(read, key=lambda name: read[name].share)
    clear = read[found].share >= max(SURE_SHARE, as_written.share + CLEAR_MARGIN)
    return found if clear and read[found].words >= LEAST_WORDS else None


def in_unicode(text: str, code: str) -> str:
    """One text that was typed in the font code `code`, in Unicode; one that was Unicode already stays."""
    read = FONT_CODES[code](text)
    already = any("\u1ea0" <= letter <= "\u1ef9" for letter in unicodedata.normalize("NFC", text))
    return text if already or likeness([text]).share > likeness([read]).share else read


def decoded_blocks(path: Path, encoding: Encoding, where: str) -> Iterator[str]:
    """The text of a file in NFC, in blocks that end at a line; Refused at the first byte that does not decode."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    rest = ""
    read = 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(BLOCK_BYTES)
            try:
                text = rest + decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                raise _undecodable(encoding.name, where, Message("part.byte", byte=read)) from None
            read += len(block)
            cut = len(text) if not block else _last_line_end(text)
            rest = text[cut:]
            if "\x00" in text:
                raise _undecodable(encoding.name, where, Message("part.nul_byte", byte=read))
            if cut:
                whole = text[:cut]
                yield unicodedata.normalize("NFC", encoding.transform(whole) if encoding.transform else whole)
            if not block:
                return


def _last_line_end(text: str) -> int:
    """The place after the last line end, where a carriage return at the very end may still be half of one."""
    return max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1


def _declared(sample: bytes, declared: str, where: str) -> Encoding:
    name = OTHER_NAMES.get(declared.lower().strip(), declared.lower().strip())
    if name in OLD_CODES:
        return Encoding(name, "latin-1", OLD_CODES[name])
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        raise Refused("unknown_encoding", file=where, setting="[source.read] encoding", name=declared) from None
    if codec == "utf-8" and sample.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    return _checked(sample, Encoding(codec, codec), where)


def _checked(sample: bytes, encoding: Encoding, where: str) -> Encoding:
    try:
        encoding.decode(sample)
    except UnicodeDecodeError:
        raise _undecodable(encoding.name, where, Message("part.first_part")) from None
    return encoding


def _undecodable(name: str, where: str, place: Message) -> Refused:
    return Refused("not_in_encoding", file=where, encoding=name, place=place)


def _looks_utf16(sample: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` when every other byte is mostly NUL, as in Latin text without a byte order mark."""
    head = sample[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) < 4:
        return None
    head = head[: len(head) // 2 * 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    name, often, seldom = ("utf-16-le", odd, even) if odd > even else ("utf-16-be", even, odd)
    half = len(head) // 2
    if seldom > 0.05 * half or often < 0.1 * half:
        return None
    # A text of few Latin letters shows itself by its line ends and delimiters; a damaged file has no such pairs.
    text = head.decode(name, "ignore")
    cut = any(sign in text for sign in "\r\n") and any(sign in text for sign in ",;\t|{[")
    return name if cut or often > 0.4 * half else None


def _old_code(codes: str, where: str) -> Encoding:
    """The old code that makes Vietnamese of `codes`, which are bytes read as Latin-1."""
    shares: dict[str, tuple[float, int]] = {}
    for name, transform in OLD_CODES.items():
        text = transform(codes)
        shares[name] = (likeness([text]).share, words_of_forms(text))
    ranked = sorted(shares, key=lambda name: shares[name], reverse=True)
    best, second = ranked[0], ranked[1]
    clear = shares[best][0] >= shares[second][0] + CLEAR_MARGIN or shares[best][1] > 2 * shares[second][1]
    if shares[best][0] < SURE_SHARE or not clear:
        tried = [f"{name} {shares[name][0]:.0%}" for name in ranked]
        raise Refused("no_one_encoding", file=where, tried=tried)
    return Encoding(best, "latin-1", OLD_CODES[best])
