"""Tags belong to lasting sources: they come with a person's word, stay with the source, and go with it."""

import contextlib
import sqlite3
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fontes.crawler import Page, extract
from fontes.retrievers import BadTag, Index, Store, Tag, normal_tag
from hypothesis import given
from hypothesis import strategies as st


def page(name: str, text: str) -> Page:
    return extract(text.encode(), url=name, content_type="text/plain")


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    async with Index.open(tmp_path, embedder=None, reranker=None) as index:
        await index.add([page("a.txt", "Apples ripen in autumn."), page("b.txt", "Bread rises for an hour.")])
        yield index


@given(st.text(max_size=80))
def test_a_normal_tag_is_one_plain_word_and_stays_as_it_is(text: str) -> None:
    with contextlib.suppress(BadTag):
        is_one_plain_word(normal_tag(text))


def is_one_plain_word(tag: str) -> None:
    assert normal_tag(tag) == normal_tag(tag.casefold()) == tag == unicodedata.normalize("NFC", tag)
    assert 0 < len(tag) <= 64
    assert not any(char.isspace() or char in "#,\"'" for char in tag)


@given(st.text(st.characters(categories=("L", "N"), max_codepoint=0x2FFF), min_size=1, max_size=20))
def test_spellings_of_one_word_are_one_tag(word: str) -> None:
    spelled = (f" {word}\n", word.casefold(), unicodedata.normalize("NFD", word), unicodedata.normalize("NFC", word))
    assert len({normal_tag(each) for each in spelled}) == 1


@pytest.mark.parametrize(
    ("text", "tag"),
    [(" Tax-Law ", "tax-law"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("client/2024_v1.2", "client/2024_v1.2"),
     ("हिन्दी", "हिन्दी"), ("Cafe\u0301", "café"), ("法律", "法律")],
)  # fmt: skip
def test_case_and_composition_do_not_matter(text: str, tag: str) -> None:
    assert normal_tag(text) == tag


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "it is empty"), ("  ", "it is empty"), ("two words", "it holds a space"), ("a,b", "it holds “,”"),
     ("-x", "it does not begin with a letter or digit"), ("#law", "it does not begin with a letter or digit"),
     ("\u0301a", "it does not begin"), ("a\u200bb", "it holds"), ("x" * 65, "it has 65 characters")],
)  # fmt: skip
def test_what_cannot_be_a_tag_is_said_with_what_can(text: str, why: str) -> None:
    with pytest.raises(BadTag, match=f"{why}.*letters, digits"):
        normal_tag(text)


async def test_sources_are_tagged_counted_and_untagged(index: Index) -> None:
    store = index.store
    assert await store.tag(["a.txt", "b.txt", "unknown.txt"], ["food", "draft"]) == 2
    assert await store.tag(["a.txt"], ["food"]) == 0
    assert await store.tags() == (Tag(name="draft", sources=2), Tag(name="food", sources=2))
    assert await store.untag(["b.txt", "unknown.txt"], ["food"]) == 1
    assert [(each.sighting.source, each.tags) for each in await store.sources()] == [
        ("a.txt", ("draft", "food")),
        ("b.txt", ("draft",)),
    ]
    assert await store.untag(None, ["draft"]) == 2
    assert await store.tagged_sources(["draft", "food"]) == {"a.txt"}


async def test_a_changed_source_keeps_its_tags_and_a_removed_one_loses_them(index: Index) -> None:
    store = index.store
    await store.tag(["a.txt"], ["food"])
    changed = page("a.txt", "Pears ripen later.")
    await index.add([changed])
    assert await store.tagged_pages(["food"]) == [changed.hash]
    await index.remove(["a.txt"])
    assert await store.tags() == ()
    await index.add([changed])
    assert await store.tags() == ()


async def test_a_page_is_allowed_while_any_source_that_holds_it_carries_the_tag(index: Index) -> None:
    same = page("copy.txt", "Apples ripen in autumn.")
    await index.add([same])
    await index.store.tag(["copy.txt"], ["copies"])
    stamp, ids = await index.store.tagged_passages(["copies"])
    (found,) = (await index.store.evidence([] if ids is None else ids.tolist(), tags=["copies"])).values()
    assert found.source == "copy.txt"
    await index.add([page("copy.txt", "Something else."), page("c.txt", "Apples ripen in autumn.")])
    after, again = await index.store.tagged_passages(["copies"], known=stamp)
    assert after != stamp
    assert again is not None
    assert same.hash not in {each.page_hash for each in (await index.store.passages(again.tolist())).values()}
    assert await index.store.tagged_passages(["copies"], known=after) == (after, None)


async def test_a_tag_that_was_taken_away_is_in_no_byte_of_the_store(index: Index, tmp_path: Path) -> None:
    many = [page(f"{n}.txt", f"Text number {n}.") for n in range(60)]
    await index.add(many)
    names = [each.sightings[0].source for each in many]
    await index.store.tag(names, ["zweisamkeit", "zwietracht"])
    await index.store.untag(names[:50], ["zweisamkeit", "zwietracht"])
    await index.remove(names[50:])
    assert await index.store.is_untrimmed()
    assert await index.store.trim()
    assert not [file for file in tmp_path.glob("fontes.db*") if b"zweisamkeit" in file.read_bytes()]
    assert not [file for file in tmp_path.glob("fontes.db*") if b"zwietracht" in file.read_bytes()]


async def test_a_store_of_the_third_schema_gets_tags_and_keeps_all_it_holds(tmp_path: Path) -> None:
    kept = page("a.txt", "Apples ripen in autumn.")
    async with Index.open(tmp_path / "old", embedder=None, reranker=None) as index:
        await index.add([kept])
        await index.store.begin_turn("c", "r", "When do apples ripen?")
    db = sqlite3.connect(tmp_path / "old" / "fontes.db")
    for statement in ("DROP TABLE tags", "ALTER TABLE runs DROP COLUMN asked", "PRAGMA user_version = 3"):
        db.execute(statement)
    db.close()
    async with Store(tmp_path / "old") as store:
        assert await store.page(kept.hash) == kept
        assert [row[1] for row in await store.turns("c")] == ["r"]
        assert await store.tag(["a.txt"], ["food"]) == 1
        assert await store.check() == "ok"
    async with Store(tmp_path / "new"):
        pass
    assert tables(tmp_path / "old") == tables(tmp_path / "new")


def tables(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "fontes.db") as db:
        found = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'")}
    db.close()
    return found
