"""The crawler's limits as they are set."""

from typing import TYPE_CHECKING

from ..crawler import CrawlPolicy
from .errors import SettingError

if TYPE_CHECKING:
    from .settings import Settings


def crawl_policy(settings: "Settings", *, well_known_tdm: bool = True) -> CrawlPolicy:
    """The policy of the crawler that these settings build.

    Raises:
        SettingError: `resolve` is not of the form host=address:port.
        ValueError: another value is none; the message begins with its name.
    """
    overrides = {}
    for entry in settings.resolve:
        host, sign, address = entry.partition("=")
        if not sign:
            raise SettingError(settings.origin("resolve"), f"{entry!r} is not of the form host=address:port")
        overrides[host.strip()] = address.strip()
    return CrawlPolicy(
        contact=settings.contact,
        gap_s=settings.host_gap_s,
        max_bytes=settings.max_page_mb * 1_000_000,
        allow_hosts=frozenset(settings.allow_hosts),
        resolve=overrides,
        obey=frozenset(settings.obey) - {"none"},
        well_known_tdm=well_known_tdm,
        render=settings.render,
        min_quality=settings.min_quality,
        cache_dir=settings.home / "http",
        workers=settings.workers,
    )
