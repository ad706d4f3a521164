"""Which language a line or a region is written in: letters, function words, endings.

Made for Kazakh beside Russian in one alphabet; English is told by its script and function words. A
line of three words is usually enough; one ambiguous word is not, hence ``default``.
"""

import re
from functools import cache, lru_cache

from language.letters import count_kazakh, script_of
from language.lexicon import read_list
from language.prereform import is_old
from language.tote import is_kazakh_arabic
from language.yanalif import is_yanalif

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")

_KAZAKH_END = re.compile(
    r"\w{2,}(?:л[ае]р|[дт][ае]р|[лдт][ае]р[ыіи]\w*|[нтд][ыі]ң|[лдт][ыі]|[ғқгк][ае]н|[дт][ае]н|н[ае]н"
    r"|[ыі]мен|мен|ып|іп|ады|еді|йды|йді|атын|етін|дағы|дегі|тағы|тегі|л[ыі]қ|лік|ша|ше|сы|сі|ына|іне"
    r"|ында|інде|нда|нде|ының|інің|шы|ші|у)"
)
_RUSSIAN_END = re.compile(
    r"\w{2,}(?:[ое]го|[ое]му|[ыи]ми|ами|ями|ах|ях|ов|ев|ей|[аояеи]я|[ыиое]й|[оеы]е|ых|их|ую|юю"
    r"|ость|ости|остью|ени[еяюи]|ани[еяюи]|ци[яию]|ть|тся|ться|лся|лись|лась|ал|ил|ла|ли|ло|ет|ют|ют"
    r"|ска|ком|ски|ый|ник|ком|ство|ства)"
)
_RUSSIAN_PATTERN = re.compile(r"[щъё]|[бвжзпстфхчш]ь|ьн|ств|вс|здр|пр[аеио]|ц[еи]|в[лнртсдз]")
_KAZAKH_PATTERN = re.compile(r"[аы]й[аы]|у[аы]|[аыо]уы|жы|шы|қ|ғ|ң|ө|ә|ұ|ү|һ")

_LONG_WITHOUT = 20
"""Letters in a row of words without one of Kazakh's own that speak once for Russian."""

_OLD_WORDS, _OLD_SHARE = 2, 10
_OLD_WEIGHT = 3.0  # as much as a letter of Kazakh


def identify(text: str, default: str = "und") -> str:
    """Return the language that leads in ``text``: ``kaz``, ``rus``, ``eng``, else ``default``.

    Codes are ISO 639-2. ``default`` (say, the language of the region) answers where the evidence is
    even or absent. Deterministic; case and punctuation do not matter.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return default
    script = script_of(text)
    if script == "Latn":
        return "kaz" if is_yanalif(text) else _identify_latin(words, default)
    if script == "Arab":
        return "kaz" if is_kazakh_arabic(text) else default
    if script != "Cyrl":
        return default
    leading = _evidence(words)
    if abs(leading) < 1:
        return default
    return "kaz" if leading > 0 else "rus"


def evidence(text: str) -> float:
    """Return how much a Cyrillic ``text`` speaks for Kazakh (above 0) or for Russian (below).

    One letter that only Kazakh has weighs 3, a function word 2, an ending 1; 0.0 in other scripts.
    """
    if script_of(text) != "Cyrl":
        return 0.0
    return _evidence([word.lower() for word in _WORD.findall(text)])


def variant(text: str) -> str:
    """Return the older or newer spelling that ``text`` is in; empty for today's Cyrillic or none.

    ``ru-1918``: Russian of before the reform; ``kk-1929``: Kazakh in the Latin letters of 1929 to
    1940; ``kk-2021``: in those of 2021. One word does not make a text old: two must show it, and
    one in ten. Arabic letters are told by the script.
    """
    words = _WORD.findall(text)
    script = script_of(text)
    if script == "Latn":
        if is_yanalif(text):
            return "kk-1929"
        return "kk-2021" if _identify_latin([w.lower() for w in words], "und") == "kaz" else ""
    old = sum(map(is_old, words))
    return "ru-1918" if old >= max(_OLD_WORDS, len(words) / _OLD_SHARE) else ""


def _evidence(words: list[str]) -> float:
    weights = [_weight(word) for word in words]
    own = any(shows for _, shows in weights)
    return sum(weight for weight, _ in weights) - (0 if own else _silence(words))


def _identify_latin(words: list[str], default: str) -> str:
    english = sum(1 for word in words if word in _frequent("eng"))
    kazakh = sum(1 for word in words if re.search("[äğñşıūəɵƣŋ]|q(?!u)", word))
    if english > kazakh:
        return "eng"
    return "kaz" if kazakh else default


def _silence(words: list[str]) -> int:
    """Return what the absence of Kazakh letters says: a Kazakh line is seldom long without them."""
    return min(sum(map(len, words)) // _LONG_WITHOUT, 3)


@lru_cache(maxsize=32_768)  # lines and titles say the same words again and again
def _weight(word: str) -> tuple[float, bool]:
    """Return how much ``word`` speaks for Kazakh (above 0), and whether it shows its letters."""
    if is_old(word):
        return -_OLD_WEIGHT, False
    own = count_kazakh(word)
    return _kazakh_weight(word, own) - (0 if own else _russian_weight(word)), own > 0


def _kazakh_weight(word: str, own: int) -> float:
    """Return how much ``word`` speaks for Kazakh; its ``own`` letters of it weigh most."""
    weight = min(3.0 * own, 5.0)
    if word in _frequent("kaz"):
        weight += 2
    if _KAZAKH_END.fullmatch(word):
        weight += 1
    if _KAZAKH_PATTERN.search(word):
        weight += 0.5
    return weight


def _russian_weight(word: str) -> float:
    """Return how much ``word``, which has no letter of Kazakh, speaks for Russian."""
    weight = 0.0
    if word in _frequent("rus"):
        weight += 2
    if _RUSSIAN_END.fullmatch(word):
        weight += 1
    if _RUSSIAN_PATTERN.search(word):
        weight += 1
    return weight


@cache
def _frequent(language: str) -> frozenset[str]:
    rows = (line.split("\t") for line in read_list("function_words.tsv"))
    return frozenset(word for code, word in rows if code == language)
