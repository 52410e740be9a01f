"""How Vietnamese a text is: the share of its accented words that are possible Vietnamese syllables.

Reading bytes in the wrong code gives accented words that no Vietnamese could say. The rules of the syllable (which
initials, rhymes and tones go together) are few, so no dictionary is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


def _words(text: str) -> list[str]:
    return re.findall(r"\S+", text)


_INITIALS = _words("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
_RHYMES = _words("""
a ac ach ai am an ang anh ao ap at au ay ak
ăc ăm ăn ăng ăp ăt ăk âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu êk
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu ik
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong op ot oong ooc oc
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt ok ôk
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut
uy uya uych uyên uyêt uynh uyt uyu uơ uk
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu yn ynh
""")
_SYLLABLES = re.compile(f"(?:{'|'.join(sorted(_INITIALS, key=len, reverse=True))})?(?:{'|'.join(_RHYMES)})")
_STOPS = ("c", "ch", "p", "t", "k")
_TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_STOP_TONES = ("sắc", "nặng")
_FORM_WORDS = frozenset(
    _words("""thành phố quận huyện thị xã phường tỉnh ấp đơn vị ngày tháng năm số tổng cộng họ tên tuổi giới địa chỉ
    điện thoại
    bệnh nhân ca mắc tử vong khỏi xét nghiệm mẫu dương tính âm cách ly tiếp xúc gần cộng đồng phong tỏa tiêm mũi vắc xin
    nữ việt nội hồ chí đồng bình phú vũng tàu bà rịa báo cáo người lập ghi chú nguồn đã""")
)
"""Words that head and fill the forms of this field; in a wrong code hardly any of them comes out."""
_ACCENTED_WORD = re.compile(r"[A-Za-z\u0080-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u20cf\u2100-\u22ff]+")


@dataclass(frozen=True)
class Likeness:
    """How many accented words a text has and what share of them could be Vietnamese."""

    words: int
    share: float


def is_syllable(word: str) -> bool:
    """True when `word` could be one Vietnamese syllable, whatever its case and the placing of its tone."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).lower())
    tones = [_TONES[mark] for mark in letters if mark in _TONES]
    if len(tones) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in _TONES))
    if not _SYLLABLES.fullmatch(plain):
        return False
    return not plain.endswith(_STOPS) or (bool(tones) and tones[0] in _STOP_TONES)


def words_of_forms(text: str) -> int:
    """How many different accented words of `text` are common in the forms of this field."""
    words = {word.lower() for word in _ACCENTED_WORD.findall(text) if not word.isascii()}
    return len(words & _FORM_WORDS)


def likeness(texts: Iterable[str]) -> Likeness:
    """The number of different accented words of two letters or more in `texts`, and the share that are syllables."""
    found = (word for text in texts for word in _ACCENTED_WORD.findall(text))
    words = {word for word in found if len(word) > 1 and not word.isascii()}
    if not words:
        return Likeness(0, 1.0)
    return Likeness(len(words), sum(is_syllable(word) for word in words) / len(words))
