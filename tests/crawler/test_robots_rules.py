"""robots.txt: groups, matching, encoding, odd files (RFC 9309), and what goes beyond the RFC."""

import pytest
from fontes.crawler.robots import Robots
from fontes.crawler.robots.pattern import path_of
from hypothesis import example, given
from hypothesis import strategies as st

SITE = "https://site.example"


def allows(text: str | bytes, path: str, agent: str = "Fontes") -> bool:
    body = text.encode() if isinstance(text, str) else text
    return Robots.parse(body, f"{SITE}/robots.txt").allows(SITE + path, agent)


def everyone(*rules: str) -> str:
    return "\n".join(("User-agent: *", *rules))


# Which group


def test_the_group_that_names_the_agent_replaces_the_one_for_everyone() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: fontes\nDisallow: /no\n"
    assert allows(text, "/yes")
    assert not allows(text, "/no")
    assert not allows(text, "/yes", "OtherBot")


def test_a_group_that_names_the_agent_and_has_no_rules_allows_everything() -> None:
    assert allows("User-agent: *\nDisallow: /\n\nUser-agent: Fontes\n", "/a")
    assert allows("User-agent: *\nDisallow: /\n\nUser-agent: Fontes\nDisallow:\n", "/a")


def test_groups_of_one_agent_are_merged() -> None:
    text = "User-agent: a\nDisallow: /1\nUser-agent: b\nDisallow: /2\nUser-agent: A\nDisallow: /3\n"
    assert [allows(text, path, "a") for path in ("/1", "/2", "/3")] == [False, True, False]


def test_agents_in_a_row_share_the_rules_that_follow() -> None:
    text = "User-agent: a\nUser-agent: b\n\nDisallow: /x\n"
    assert not allows(text, "/x", "a")
    assert not allows(text, "/x", "b")


def test_other_lines_between_user_agents_do_not_part_them() -> None:
    for line in ("Sitemap: https://site.example/s.xml", "Crawl-delay: 5", "Unknown: 1", "Content-Signal: search=yes"):
        text = f"User-agent: BarBot\n{line}\nUser-agent: *\nDisallow: /\n"
        assert not allows(text, "/", "BarBot")
        assert not allows(text, "/", "FooBot")


def test_rules_before_every_group_count_for_nobody() -> None:
    assert allows("Disallow: /\nUser-agent: *\nDisallow: /a\n", "/b")


@pytest.mark.parametrize("line", ["Fontes", "fontes/2.1", "FONTES bot", "fontes*", "Fontes # that one"])
def test_a_user_agent_line_counts_up_to_the_first_character_that_no_token_has(line: str) -> None:
    assert not allows(f"User-agent: {line}\nDisallow: /\n", "/")


@pytest.mark.parametrize("line", ["Fontes-News", "Font", "", "3Fontes", "Mozilla/5.0 (compatible; Fontes)"])
def test_an_agent_is_named_by_its_whole_token_only(line: str) -> None:
    assert allows(f"User-agent: {line}\nDisallow: /\n", "/")


@pytest.mark.parametrize(
    ("agent", "is_named"), [("Fontes/1.0", True), (" fontes ", True), ("Fontes Bot", False), ("Fontes1", False)]
)
def test_the_agent_asked_for_is_what_stands_before_its_slash(agent: str, is_named: bool) -> None:
    assert allows("User-agent: Fontes\nDisallow: /\n", "/", agent) is not is_named


def test_everyone_is_a_star_even_with_words_after_it() -> None:
    assert not allows("User-agent: * (all robots)\nDisallow: /\n", "/")
    assert allows("User-agent: *bot\nDisallow: /\n", "/")


# Which rule


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        (("Allow: /a/b", "Disallow: /a"), "/a/b/c", True),
        (("Disallow: /a/b", "Allow: /a"), "/a/b/c", False),
        (("Disallow: /p", "Allow: /p"), "/p", True),
        (("Allow: /page", "Disallow: /*.htm"), "/page.htm", False),
        (("Allow: /x/page.", "Disallow: /*.html"), "/x/page.html", True),
        (("Disallow: /*/", "Allow: /x/"), "/x/", True),
        (("Disallow: /X",), "/x", True),
        (("Disallow: /b",), "/a/b", True),
        (("Disallow:", "Allow:"), "/a", True),
        (("Disallow: /s?q=",), "/s?q=1", False),
        (("Disallow: /s?q=",), "/s", True),
        (("Disallow: private",), "/private", True),
        (("Disallow: *",), "/a", False),
        (("Disallow: *private",), "/a/private", False),
    ],
)
def test_the_rule_with_the_most_octets_decides_and_allow_wins_ties(
    rules: tuple[str, ...], path: str, allowed: bool
) -> None:
    assert allows(everyone(*rules), path) is allowed


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/fish*", "/fish", True),
        ("/fish*.php", "/fishheads/catfish.php?id=1", True),
        ("/fish*.php", "/Fish.php", False),
        ("/*.php$", "/a.php?x", False),
        ("/*.php$", "/a.php.php", True),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("/a*$", "/abc", True),
        ("/a*b$", "/ab", True),
        ("/ab*b$", "/ab", False),
        ("/x$/y", "/x$/yz", True),
        ("/a$$", "/a$", True),
        ("/a**b", "/acb", True),
        ("$", "/", False),
        ("*$", "/x", True),
        ("/a/%2A", "/a/*", True),
        ("/a-%24", "/a-$", True),
    ],
)
def test_star_is_anything_and_a_final_dollar_the_end(pattern: str, path: str, matches: bool) -> None:
    assert allows(everyone(f"Disallow: {pattern}"), path) is not matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/ツ", "/%E3%83%84"),
        ("/ツ", "/%e3%83%84"),
        ("/%e3%83%84", "/%E3%83%84"),
        ("/%e3%83%84", "/ツ"),
        ("/%62%61%7A", "/baz"),
        ("/baz", "/%62az"),
        ("/%7Ejoe", "/~joe"),
        ("/~joe", "/%7ejoe"),
        ("/a%2fb", "/a%2Fb"),
        ("/a b", "/a%20b"),
        ("/a%3cd", "/a<d"),
        ("/r?u=https://foo.bar", "/r?u=https%3A%2F%2Ffoo.bar"),
        ("/r?u=https%3A%2F%2Ffoo.bar", "/r?u=https://foo.bar"),
    ],
)
def test_a_rule_forbids_every_spelling_of_its_path(pattern: str, path: str) -> None:
    assert not allows(everyone(f"Disallow: {pattern}"), path)


@pytest.mark.parametrize(("pattern", "path"), [("/a%2Fb", "/a/b"), ("/a/b", "/a%2Fb"), ("/%41", "/a"), ("/%a", "/%A")])
def test_other_octets_are_other_paths(pattern: str, path: str) -> None:
    assert allows(everyone(f"Disallow: {pattern}"), path)


def test_an_allow_is_found_by_every_valid_spelling_but_not_beyond_what_google_finds() -> None:
    def allowed(pattern: str, path: str) -> bool:
        return allows(everyone("Disallow: /", f"Allow: {pattern}"), path)

    assert allowed("/~joe", "/%7Ejoe")
    assert allowed("/%7Ejoe", "/~joe")
    assert allowed("/ツ", "/%e3%83%84")
    assert allowed("/r?u=https://foo.bar", "/r?u=https%3A%2F%2Ffoo.bar")
    # google/robotstxt, ID_Encoding
    assert not allowed("/%62%61%7A", "/baz")
    assert not allowed("/ツ", "/ツ")


def test_allowing_an_index_page_allows_its_folder() -> None:
    text = everyone("Allow: /a/index.html", "Disallow: /")
    assert [allows(text, path) for path in ("/a/", "/a/index.html", "/a/index.htm", "/a/b")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_robots_txt_itself_is_allowed_unless_the_agent_is_named() -> None:
    assert allows(everyone("Disallow: /"), "/robots.txt")
    assert not allows(everyone("Disallow: /"), "/robots.txt?x")
    # google/robotstxt-spec-test, stress/369883
    assert not allows("User-agent: Fontes\nDisallow: /\n", "/robots.txt")


def test_the_rule_that_decided_says_where_it_stands() -> None:
    robots = Robots.parse(b"# hello\r\nUser-agent: *\r\n\r\nDisallow: /private/ # mine\r\nAllow: /private/open\r\n")
    assert str(robots.rule(f"{SITE}/private/x", "Fontes")) == "Disallow: /private/ (robots.txt line 4)"
    assert str(robots.rule(f"{SITE}/private/open", "Fontes")) == "Allow: /private/open (robots.txt line 5)"
    assert robots.rule(f"{SITE}/", "Fontes") is None


def test_a_rule_counts_no_more_octets_than_the_spelling_it_is_taken_for() -> None:
    assert allows(everyone("Disallow: /%7Ejoe", "Allow: /~joe"), "/~joe")


def test_of_equal_rules_the_first_is_told() -> None:
    rule = Robots.parse(everyone("Disallow: /a", "Disallow: /a").encode()).rule("/a", "x")
    assert rule is not None
    assert rule.line == 2


# Beyond the RFC


@pytest.mark.parametrize(
    ("value", "delay_s"),
    [("5", 5.0), ("0.5", 0.5), (".5", 0.5), ("10.", 10.0), ("0", 0.0), ("999999999", 86_400.0),
     ("-1", None), ("nan", None), ("inf", None), ("1e3", None), ("ten", None), ("", None), ("5 s", None)],
)  # fmt: skip
def test_a_crawl_delay_is_a_plain_number_of_seconds(value: str, delay_s: float | None) -> None:
    assert Robots.parse(everyone(f"Crawl-delay: {value}").encode()).crawl_delay("Fontes") == delay_s


def test_a_crawl_delay_is_that_of_the_agents_it_follows() -> None:
    robots = Robots.parse(
        b"User-agent: a\nCrawl-delay: 5\n\nUser-agent: b\nDisallow: /\nCrawl-delay: 2\nCrawl-delay: 3\n\n"
        b"User-agent: c\n\nUser-agent: *\nDisallow: /x\nCrawl-delay: 1\n"
    )
    assert [robots.crawl_delay(agent) for agent in "abcd"] == [5.0, 3.0, 1.0, 1.0]
    assert not robots.allows("/", "a")


def test_an_agent_that_is_named_does_not_inherit_the_delay_of_everyone() -> None:
    robots = Robots.parse(b"User-agent: *\nDisallow: /x\nCrawl-delay: 9\nUser-agent: Fontes\nAllow: /\n")
    assert robots.crawl_delay("Fontes") is None


def test_sitemaps_stand_anywhere_and_become_absolute() -> None:
    body = (
        b"Sitemap: /a.xml\nUser-agent: *\nSITEMAP: https://other.example/b.xml # b\nDisallow: /\n"
        b"Site-map: c.xml\nSitemap: /a.xml\nSitemap: ftp://x/d\nSitemap: http://[bad\nSitemap:\n"
    )
    assert Robots.parse(body, f"{SITE}/robots.txt").sitemaps == (
        f"{SITE}/a.xml", "https://other.example/b.xml", f"{SITE}/c.xml",
    )  # fmt: skip
    assert Robots.parse(body).sitemaps == ("https://other.example/b.xml",)


def test_content_signals_are_those_of_the_group_that_counts() -> None:
    robots = Robots.parse(
        b"User-agent: *\nContent-Signal: search=yes, ai-input=No\nAllow: /\n\n"
        b"User-agent: OwnBot\nContent-signal: ai-train=no\nDisallow: /x\n"
    )
    assert robots.signals("/", "Fontes") == ("content-signal: search=yes", "content-signal: ai-input=no")
    assert robots.signals("/", "OwnBot") == ("content-signal: ai-train=no",)


def test_signals_before_all_groups_are_for_everyone() -> None:
    robots = Robots.parse(b"Content-Signal: ai-input=no\nUser-agent: Fontes\nDisallow: /x\n")
    assert robots.signals("/", "Fontes") == ("content-signal: ai-input=no",)


def test_content_usage_counts_for_the_longest_path() -> None:
    robots = Robots.parse(
        b"User-Agent: *\nAllow: /\nDisallow: /never/\nContent-Usage: / train-ai=n\nContent-Usage: /ai-ok/ train-ai=y\n"
        b"Content-Usage: /ai-ok/ ai-use=n\nContent-Signal: search=yes\n\n"
        b"User-Agent: ExampleBot\nAllow: /\nContent-Usage: / train-ai=y\n"
    )
    assert robots.signals("/test", "Fontes") == ("content-usage: train-ai=n", "content-signal: search=yes")
    assert robots.signals("/ai-ok/test", "Fontes") == (
        "content-usage: train-ai=y", "content-usage: ai-use=n", "content-signal: search=yes",
    )  # fmt: skip
    assert robots.signals("/test", "ExampleBot") == ("content-usage: train-ai=y",)


def test_content_usage_without_a_path_is_for_all_paths() -> None:
    assert Robots.parse(everyone("Content-Usage: ai-use=n").encode()).signals("/x", "Fontes") == (
        "content-usage: ai-use=n",
    )


# Laws


def test_a_site_without_robots_txt_allows_everything() -> None:
    robots = Robots.allow_all()
    assert robots.allows(f"{SITE}/a", "Fontes")
    assert robots.crawl_delay("Fontes") is None
    assert (robots.sitemaps, robots.signals("/", "Fontes")) == ((), ())


@given(path=st.text(), agent=st.text())
def test_a_site_whose_robots_txt_cannot_be_had_allows_nothing_and_says_why(path: str, agent: str) -> None:
    robots = Robots.disallow_all("robots.txt answers with status 503")
    if path_of(SITE + "/" + path) != b"/robots.txt":
        assert not robots.allows(f"{SITE}/{path}", agent)
        assert str(robots.rule(f"{SITE}/{path}", agent)) == "robots.txt answers with status 503"


WORDS = ["User-agent", "Disallow", "Allow", "Crawl-delay", "Sitemap", "Content-Usage", "fontes", "*", "/", "/a", "$",
         ":", " ", "#", "%", "%41", "%2f", "ツ", "\n", "\r", "\0", "\ufeff", "?", "é", "http://", "[", "=n",
         ","]  # fmt: skip
FILES = st.one_of(
    st.binary(max_size=400), st.lists(st.sampled_from(WORDS), max_size=60).map(lambda w: "".join(w).encode())
)
RULES = st.lists(
    st.tuples(st.sampled_from(["Allow", "Disallow"]), st.text("/ab*$%?2fF", max_size=6).map(lambda path: "/" + path)),
    max_size=6,
)
PATHS = st.text("/ab*$%?2fF", max_size=8).map(lambda path: "/" + path)


@given(body=FILES, url=st.text(), agent=st.text())
@example(body=b"Sitemap: http://[", url="http://[", agent="")
def test_nothing_that_is_given_makes_it_raise(body: bytes, url: str, agent: str) -> None:
    robots = Robots.parse(body)
    assert robots.allows(url, agent) is (robots.rule(url, agent) is None or str(robots.rule(url, agent))[0] == "A")
    delay_s = robots.crawl_delay(agent)
    assert delay_s is None or 0 <= delay_s <= 86_400
    assert all(": " in signal for signal in robots.signals(url, agent))


@given(rules=RULES, path=PATHS, end=st.sampled_from(["\r", "\r\n", "\n\n", "  \n", " # x\n", "\nUnknown: x\n"]))
def test_line_endings_comments_and_unknown_lines_change_no_verdict(
    rules: list[tuple[str, str]], path: str, end: str
) -> None:
    lines = ("User-agent: *", *(f"{name}: {value}" for name, value in rules))
    assert allows("\n".join(lines), path) is allows(end.join(lines), path)


@given(rules=RULES, others=RULES, path=PATHS)
def test_a_group_for_another_agent_changes_no_verdict(
    rules: list[tuple[str, str]], others: list[tuple[str, str]], path: str
) -> None:
    group = everyone("Disallow:", *(f"{name}: {value}" for name, value in rules))
    other = "\n".join(("User-agent: Other", *(f"{name}: {value}" for name, value in others), "Allow: /"))
    assert allows(group, path) is allows(f"{group}\n{other}", path) is allows(f"{other}\n{group}", path)


@given(rules=RULES, path=PATHS)
def test_the_order_of_rules_changes_no_verdict(rules: list[tuple[str, str]], path: str) -> None:
    lines = [f"{name}: {value}" for name, value in rules]
    assert allows(everyone(*lines), path) is allows(everyone(*reversed(lines)), path)
