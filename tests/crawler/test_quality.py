# ruff: noqa: E501 - a text is a line
import gzip
import json
from pathlib import Path
from statistics import median

import pytest
from fontes.crawler.charset import decode
from fontes.crawler.formats.language import language_of
from fontes.crawler.page import Quality
from fontes.crawler.quality import quality, visible_words
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

ARTICLE = """The tide rises and falls twice a day, and the harbour master writes down when it does. He has done so since
the spring of 1998, when the old pier was taken away. "Nobody asked me to," he says. "But who would know, if I did not?"
In his books, which fill a shelf in the town hall, there are forty thousand lines. Each of them gives a time, a height
and the wind. Some have a remark: a seal on the slipway, a broken rope, fog until noon. Scientists from the university
came in March to copy them. They want to find out how fast the water has risen on this coast, and whether the new dam
has changed the currents. For the harbour master it is plain enough. The marks on the wall of the old customs house are
under water for longer every year, and the boats lie higher than they did. He shows a photograph from the year in which
he began, and one from last week. The difference is the width of a hand."""
KEYWORDS = (
    "cheap running shoes buy shoes online best shoes discount shoes men shoes women shoes sale shoes free shipping "
)
SPAM = {
    "keywords": (KEYWORDS * 12, "en"),
    "keywords with commas": (", ".join(f"{place} plumber, plumber {place}, best plumber in {place}" for place in ("Ayr", "Bath", "Cork", "Deal", "Ely", "Fife", "Goole", "Hull") * 3), "en"),
    "links": ("\n".join(f"- {a} {b} {c}" for a in ("Boats", "Nets", "Ropes", "Oars") for b in ("new", "used", "rare") for c in ("Hamburg", "Bremen", "Kiel")), "en"),
    "pills": ("Buy cheap viagra online now without prescription!! Best price, money back guarantee. Click here to order cialis and levitra. " * 6, "en"),
    "slots": ("Situs slot gacor hari ini, judi slot online dan poker online. Daftar situs togel, jackpot besar!! Klik: slot gacor, casino online, free download. " * 8, "id"),
    "loans": ("Earn $500 a day from home! Payday loans for bad credit, instant loans, act now!!! Guest posts and SEO services, buy backlinks online. " * 6, "en"),
    "frame": ("Home About us Contact Imprint Privacy policy Terms Newsletter Follow us Facebook Instagram © 2024 All rights reserved", "en"),
    "one line again": ("We are the leading provider of solutions for your business.\n" * 40, "en"),
    "few words": ("Coming soon.", "en"),
}  # fmt: skip


def judged(text: str, language: str, *, linked: int = 0) -> Quality:
    words = len(text.split())
    return quality(text, words_visible=words + 50, words_linked=linked, language=language)


def test_an_article_is_good() -> None:
    found = judged(ARTICLE, "en")
    assert found.score >= 0.95
    assert (found.words, found.linked, found.spam) == (len(ARTICLE.split()), 0.0, 0.0)
    assert 0.1 < found.boilerplate < 0.4


@pytest.mark.parametrize("name", SPAM)
def test_what_was_not_written_to_be_read_is_bad(name: str) -> None:
    text, language = SPAM[name]
    assert judged(text, language).score <= 0.3


def test_a_text_that_is_links_is_bad() -> None:
    assert quality(ARTICLE, words_visible=190, words_linked=180, language="en").score <= 0.3
    assert quality(ARTICLE, words_visible=400, words_linked=180, language="en").linked == 0.0


def test_an_article_about_a_trade_is_not_its_spam() -> None:
    text = ARTICLE.replace("tide", "casino").replace("harbour master", "poker player").replace("pier", "slot machine")
    assert judged(text, "en").score >= 0.7


OTHERS = {
    "de": """Zweimal am Tag steigt das Wasser, und der Hafenmeister schreibt auf, wann das ist. Er macht das seit dem
    Frühjahr 1998, als die alte Brücke abgerissen wurde. Niemand hat ihn darum gebeten. In seinen Büchern, die im Rathaus
    ein Regal füllen, stehen vierzigtausend Zeilen. Jede nennt eine Uhrzeit, eine Höhe und den Wind. Im März kamen
    Forscher von der Universität, um sie abzuschreiben. Sie wollen wissen, wie schnell das Meer an dieser Küste steigt.""",
    "ru": """Дважды в день вода поднимается, и смотритель гавани записывает, когда это происходит. Он делает это с весны
    1998 года, когда снесли старый причал. Никто его об этом не просил. В его книгах, которые занимают целую полку в
    ратуше, сорок тысяч строк. В каждой указаны время, высота и ветер. В марте из университета приехали учёные, чтобы
    переписать их. Они хотят узнать, как быстро поднимается море у этого берега и не изменила ли течения новая плотина.""",
    "ja": """潮は一日に二度満ちて引く。港の主任はその時刻を書き留めている。古い桟橋が取り壊された一九九八年の春から続けてきた。
    誰かに頼まれたわけではない。町役場の棚を埋める帳面には四万行の記録がある。どの行にも時刻と高さと風が書かれている。
    三月には大学の研究者たちが写しに来た。この海岸で海面がどれほど速く上がっているのかを知りたいのだという。
    主任にとって答えは明らかだ。古い税関の壁の印は年ごとに長く水に沈み、船は以前より高いところに浮かんでいる。""",
}


@pytest.mark.parametrize("language", OTHERS)
def test_text_in_other_languages_is_good(language: str) -> None:
    assert judged(OTHERS[language], language).score >= 0.6


def test_nothing_scores_nothing() -> None:
    assert quality("", words_visible=0, words_linked=0, language="") == Quality(
        words=0, boilerplate=0.0, linked=0.0, repeated=0.0, spam=0.0, score=0.0
    )
    assert quality("…", words_visible=5, words_linked=0, language="").boilerplate == 1.0


def test_words_that_readers_see_are_counted_and_those_in_links_apart() -> None:
    html = """<head><title>No words here</title><style>p {}</style></head><body><p>Two words <a href=/>three <b>more</b> words</a></p>
    <script>var no</script><noscript><p>not <a>these</a></p></noscript><!-- nor these --> tail <select><option>no</option></select></body>"""
    assert visible_words(document_fromstring(html)) == (6, 3)


@given(st.text(max_size=400), st.integers(0, 2000), st.integers(0, 2000), st.sampled_from(["", "en", "zh", "xx"]))
@settings(deadline=None)
def test_every_share_lies_between_0_and_1(text: str, visible: int, linked: int, language: str) -> None:
    found = quality(text, words_visible=visible, words_linked=linked, language=language)
    for share in (found.boilerplate, found.linked, found.repeated, found.spam, found.score):
        assert 0 <= share <= 1
    assert found.words >= 0


@pytest.mark.slow
def test_real_articles_are_good(shared_data: Path) -> None:
    folder = shared_data / "extraction/scrapinghub"
    scores = []
    for row in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines()):
        body = gzip.decompress((folder / row["html"]).read_bytes())
        visible, linked = visible_words(document_fromstring(decode(body, html=True).encode()))
        text = row["articleBody"]
        scores.append(quality(text, words_visible=visible, words_linked=linked, language=language_of(text)).score)
    assert min(scores) >= 0.7
    assert median(scores) >= 0.95
