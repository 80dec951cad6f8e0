"""What a site asks of robots: robots.txt, and what its answers and pages say of indexing, AI and data mining."""

from .groups import Rule
from .rules import Robots
from .signals import forbidden_by, header_signals, meta_signals, nofollow
from .tdm import TdmRules

__all__ = ["Robots", "Rule", "TdmRules", "forbidden_by", "header_signals", "meta_signals", "nofollow"]
