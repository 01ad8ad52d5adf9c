"""Which language a text is written in: a guess from script and common words.

It only picks the language of an answer and is never kept as origin or ethnicity; a
member of staff corrects it by asking.
"""

import re
import unicodedata
from collections import Counter

HOME = "sv"
# A script's Unicode name to the language that most of its writers here use.
_SCRIPTS = {
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "ETHIOPIC": "ti",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "DEVANAGARI": "hi",
    "HANGUL": "ko",
    "CJK": "zh",
}
# Letters that the script's first language does not have. Sorani before Persian: it
# has the Persian ones too.
_TELLING = {
    "ar": (("ckb", set("ێۆڕڵەڤ")), ("fa", set("پچژگکی"))),
    "ru": (("uk", set("іїєґ")),),
}
_COMMON = {
    "sv": "jag och är inte mig kan ni ring ringa hjälp vill det att han hon snälla hej",
    "en": "i and is not me can you call help want the that he she please hello my",
    "fi": "minä ja on ei minua voitko soita apua haluan että hän moi hei kiitos",
    "so": "waxaan iyo waa ma aniga caawi caawimaad fadlan soo wac i rabaa haa waan",
    "tr": "ben ve bir değil beni ara istiyorum lütfen merhaba selam bana çok",
    "pl": "ja i jest nie mnie czy proszę zadzwoń pomoc pomocy chcę że się dzień",
    "es": "yo y es no me por favor llame llámame ayuda quiero que él ella hola mi",
    "ku": "ez û ye ne min dikarin alîkarî dixwazim ku ew silav telefon bike ji",
    "se": "mun ja lea in mu sáhttá sáhtátgo riŋge veahki hálidan ahte son bures giitu",
    "bs": "ja i je nije mene molim pozovite pomoć želim da on ona zdravo nazovite",
    "sq": "unë dhe është nuk mua ju lutem ndihmë dua që ai ajo përshëndetje telefono",
    "de": "ich und ist nicht mich bitte anrufen hilfe will dass er sie hallo rufen",
    "fr": "je et est pas moi vous appelez aide veux que il elle bonjour mon svp",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}


def guess(text: str) -> str:
    """Return a language as BCP 47; Swedish when nothing tells of another."""
    language = _by_script(text)
    if language is None:
        return _by_words(text)
    letters = set(text.casefold())
    for other, telling in _TELLING.get(language, ()):
        if letters & telling:
            return other
    return language


def _by_script(text: str) -> str | None:
    """Return the first language of the script that most letters belong to, if known."""
    scripts = Counter(
        unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()
    )
    if not scripts:
        return None
    return _SCRIPTS.get(scripts.most_common(1)[0][0])


def _by_words(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    scores = {
        language: sum(word in common for word in words)
        for language, common in _WORDS.items()
    }
    best = max(scores.values())
    # Swedish comes first, so it wins where as many words speak for another.
    return next(language for language, score in scores.items() if score == best)
