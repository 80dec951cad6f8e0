"""The network as the crawler sees it: checked addresses, turns, limits, a cache, and bodies that stay bounded.

Fetcher.get → cache (RFC 9111) → PoliteTransport (turns, deadlines, bytes) → Network (checked addresses) → the web
"""

from .fetch import Fetched, Fetcher
from .redirect import may_hold_text, redirect_target

__all__ = ["Fetched", "Fetcher", "may_hold_text", "redirect_target"]
