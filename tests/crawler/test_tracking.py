"""Which query parameters say only where a visitor came from."""

import pytest
from fontes.crawler.tracking import is_tracking, site_rules
from hypothesis import given
from hypothesis import strategies as st

_FAMILIES = (
    "utm_source", "utm_anything", "mtm_kwd", "hsa_cam", "gclid", "gbraid", "srsltid", "fbclid", "msclkid", "twclid",
    "ttclid", "yclid", "_openstat", "mc_cid", "mc_eid", "_hsenc", "hsCtaTracking", "mkt_tok", "elqTrackId", "_kx",
    "vero_id", "ScCid", "irclickid", "pk_campaign", "at_medium", "wt.mc_id", "igshid", "_gl",
)  # fmt: skip
_CONTENT = (
    "", "id", "q", "p", "page", "ref", "source", "src", "from", "cid", "sid", "s", "t", "si", "v", "lang", "feature",
    "utm", "xutm_source", "gclid2", "campaign", "tag", "hash", "token", "session", "at_home", "pk", "pk_id", "ga",
)  # fmt: skip


@pytest.mark.parametrize("name", _FAMILIES)
def test_a_listed_name_is_tracking_in_any_case(name: str) -> None:
    assert is_tracking(name)
    assert is_tracking(name.upper())


@pytest.mark.parametrize("name", _CONTENT)
def test_a_name_that_may_choose_content_is_kept(name: str) -> None:
    assert not is_tracking(name)


def test_rules_of_one_site_hold_on_its_subdomains_only() -> None:
    assert is_tracking("si", site_rules("www.youtube.com"))
    assert is_tracking("SI", site_rules("youtu.be"))
    assert not is_tracking("si", site_rules("notyoutube.com"))
    assert not is_tracking("si", site_rules("youtube.com.example"))
    assert not is_tracking("v", site_rules("www.youtube.com"))


@given(st.text(), st.text())
def test_any_name_and_host_have_a_verdict(name: str, host: str) -> None:
    assert is_tracking(name, site_rules(host)) in (True, False)
