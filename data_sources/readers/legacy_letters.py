"""Vietnamese letters in the codes that came before Unicode: TCVN3 (ABC), VISCII, VNI and Windows-1258.

Each table is the project's own transcription of the published code charts: TCVN 5712:1993, RFC 1456, the VNI
Windows keyboard chart and Microsoft's code page 1258.
"""

from __future__ import annotations

import re
import unicodedata

# TCVN 5712:1993 from 80 to FF; AF-C5 hold capitals that only its first version names, B0-B4 are combining tones.
_TCVN3_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN3_LOW = {1: "Ú", 2: "Ụ", 4: "Ừ", 5: "Ử", 6: "Ữ", 17: "Ứ", 18: "Ự", 19: "Ỳ", 20: "Ỷ", 21: "Ỹ", 22: "Ý", 23: "Ỵ"}

# RFC 1456 from 80 to FF, and its six letters among the control codes.
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
_VISCII_LOW = {2: "Ẳ", 5: "Ẵ", 6: "Ẫ", 20: "Ỷ", 25: "Ỹ", 30: "Ỵ"}

# VNI writes a plain letter and then a letter of Latin-1 that stands for its mark; a few letters have one code.
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_VNI_BREVE = {
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_MARKS = {
    "a": _VNI_TONES | _VNI_CIRCUMFLEX | _VNI_BREVE,
    "e": _VNI_TONES | _VNI_CIRCUMFLEX,
    "o": _VNI_TONES | _VNI_CIRCUMFLEX,
    "u": _VNI_TONES,
    "y": _VNI_TONES,
    "ô": _VNI_TONES,  # ơ, which itself is written ô
    "ö": _VNI_TONES,  # ư, which itself is written ö
}
_VNI_SINGLE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}


def _with_capitals(pairs: dict[str, str]) -> dict[str, str]:
    capitals = {written.upper(): letter.upper() for written, letter in pairs.items()}
    return pairs | capitals


def _vni_letters() -> dict[str, str]:
    """Every written form in VNI with its letter; the plain letter tells a capital, whatever the case of its mark."""
    letters = dict(_VNI_SINGLE)
    for base, marks in _VNI_MARKS.items():
        for written, combining in marks.items():
            letters[base + written] = unicodedata.normalize("NFC", _VNI_SINGLE.get(base, base) + combining)
    letters = _with_capitals(letters)
    for written in [written for written in letters if len(written) == 2]:
        letters.setdefault(written[0] + written[1].swapcase(), letters[written])
    return letters


VNI = _vni_letters()
TCVN3 = {chr(128 + place): letter for place, letter in enumerate(_TCVN3_HIGH)} | {
    chr(code): letter for code, letter in _TCVN3_LOW.items()
}
VISCII = {chr(128 + place): letter for place, letter in enumerate(_VISCII_HIGH)} | {
    chr(code): letter for code, letter in _VISCII_LOW.items()
}
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_TCVN3_TABLE = str.maketrans(TCVN3)
_VISCII_TABLE = str.maketrans(VISCII)

# Windows put printable characters where Latin-1 has control codes; fonts were typed through it.
_FROM_WINDOWS = {
    bytes([code]).decode("cp1252"): chr(code)
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_WINDOWS_TABLE = str.maketrans(_FROM_WINDOWS)
_TO_WINDOWS_TABLE = str.maketrans({code: letter for letter, code in _FROM_WINDOWS.items()})

# A capital with a tone had no code of its own in TCVN3: the capital font drew the small letter's code as a capital.
_CELL_TEXT = re.compile(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+")
_CERTAIN_CASE = re.compile(r"[A-Za-zĂÂÊÔƠƯĐăâêôơưđ]")


def from_tcvn3(text: str) -> str:
    """`text` whose characters are TCVN3 codes (as Latin-1 or Windows-1252), in Unicode NFC."""
    letters = unicodedata.normalize("NFC", text.translate(_WINDOWS_TABLE).translate(_TCVN3_TABLE))
    return _CELL_TEXT.sub(lambda run: _restore_capitals(run.group()), letters)


def _restore_capitals(run: str) -> str:
    """Capitals for the letters of a run that the capital font drew as capitals."""
    words = _WORD.findall(run)
    certain = ["".join(_CERTAIN_CASE.findall(word)) for word in words]
    all_capitals = "".join(certain).isupper() and any(len(part) > 1 for part in certain)
    if all_capitals:
        return run.upper()

    def word(match: re.Match[str]) -> str:
        part = "".join(_CERTAIN_CASE.findall(match.group()))
        return match.group().upper() if len(part) > 1 and part.isupper() else match.group()

    return _WORD.sub(word, run)


def from_viscii(text: str) -> str:
    """`text` whose characters are VISCII codes (as Latin-1 or Windows-1252), in Unicode NFC."""
    return unicodedata.normalize("NFC", text.translate(_WINDOWS_TABLE).translate(_VISCII_TABLE))


def from_vni(text: str) -> str:
    """`text` typed in a VNI font, in Unicode NFC."""
    typed = unicodedata.normalize("NFC", text.translate(_TO_WINDOWS_TABLE))
    return _VNI_PATTERN.sub(lambda match: VNI[match.group()], typed)


def from_cp1258(text: str) -> str:
    """`text` whose characters are Windows-1258 codes as Latin-1, in Unicode NFC."""
    plain = text.translate(_WINDOWS_TABLE)
    return unicodedata.normalize("NFC", plain.encode("latin-1", "replace").decode("cp1258", "replace"))


def from_utf8_twice(text: str) -> str:
    """`text` that is UTF-8 read as Windows-1252 and saved again; unchanged where it is not."""
    try:
        return unicodedata.normalize("NFC", text.translate(_WINDOWS_TABLE).encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return text


def to_legacy(text: str, encoding: str) -> bytes:
    """`text` in one of the old codes, for the forms and tests that need them; UnicodeError names a letter it lacks."""
    composed = unicodedata.normalize("NFC", text)
    if encoding == "cp1258":
        return b"".join(_cp1258_letter(letter) for letter in composed)
    table = {"tcvn3": TCVN3, "viscii": VISCII, "vni": VNI}[encoding]
    codes: dict[str, str] = {}
    for written, letter in table.items():
        codes.setdefault(letter, written)
    if encoding == "vni":
        codes["\u00a0"] = "\u00a0"
    written = "".join(codes[letter] if letter in codes else _plain(letter, encoding) for letter in composed)
    return written.encode("latin-1")


def _plain(letter: str, encoding: str) -> str:
    if ord(letter) < 128:
        return letter
    raise UnicodeEncodeError(encoding, letter, 0, 1, "this code has no such letter")


def _cp1258_letter(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        decomposed = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", decomposed.replace(tone, ""))
        return base.encode("cp1258") + tone.encode("cp1258")
