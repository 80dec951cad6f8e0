"""A folder of saved pages as a small internet on loopback, for demos and tests.

Every page is served under its own host name, with robots.txt, redirects, faults by rule, and a search endpoint that
speaks SearXNG's JSON. The crawler is led here by `CrawlPolicy(resolve=web.resolve)`, and by nothing else: no name is
looked up, and nothing is asked outside of this machine.
"""

from .errors import LocalWebError
from .rules import Fault
from .served import Served
from .server import LocalWeb
from .wire import Logged

__all__ = ["Fault", "LocalWeb", "LocalWebError", "Logged", "Served"]
