"""A refusal is read by its status and what the service says, in short and plain words."""

import pytest
from fontes.tools import BadAnswer, KeyRefused, LimitReached, QuotaSpent, SearchError, ServiceDown
from fontes.tools.refusals import looks_like_captcha, refusal, web_page
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, BadAnswer), (400, BadAnswer), (401, KeyRefused), (402, QuotaSpent), (403, KeyRefused), (404, BadAnswer),
        (408, ServiceDown), (410, BadAnswer), (422, BadAnswer), (429, LimitReached), (500, ServiceDown),
        (503, ServiceDown), (529, ServiceDown),
    ],
)  # fmt: skip
def test_each_status_has_its_type(status: int, kind: type[SearchError]) -> None:
    assert refusal(status, "", setting="FONTES_X_KEY")[0] is kind


def test_without_a_key_a_refusal_is_no_matter_of_keys() -> None:
    assert refusal(403, "", setting="") == (
        LimitReached, "it turns us away (HTTP 403); wait, or use another provider"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"message": "slow down"}', ": slow down"),
        ('{"error": {"code": 1, "message": "bad <b>query</b>\\u001b[31m"}}', ": bad query"),
        ('{"detail": {"error": "Unauthorized"}}', ": Unauthorized"),
        ('{"errors": [1]}', ""),
        ('"plain"', ": plain"),
        ("just text", ": just text"),
        ("<html>no</html>", ""),
        ("", ""),
        ("[" * 100_000, ": [["),
    ],
)
def test_the_services_own_words_are_quoted_short_and_plain(body: str, said: str) -> None:
    why = refusal(400, body, setting="")[1]
    assert f"(HTTP 400{said}" in why
    assert len(why) < 300


@given(status=st.integers(300, 599), body=st.text())
def test_any_refusal_is_one_printable_line(status: int, body: str) -> None:
    kind, why = refusal(status, body, setting="")
    assert issubclass(kind, SearchError)
    assert "\n" not in why
    assert "\x1b" not in why


def test_a_web_page_is_told_from_a_captcha() -> None:
    assert "captcha" in web_page("<html>Please verify you are human</html>")[1]
    assert "web page" in web_page("<html>Welcome</html>")[1]
    assert not looks_like_captcha("<html>Welcome</html>")
