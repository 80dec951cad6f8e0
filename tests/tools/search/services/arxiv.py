"""arXiv's API: info.arxiv.org/help/api/user-manual.html, sections 3.2 to 3.4 (the Atom feed and its errors)."""

from datetime import date
from xml.sax.saxutils import escape, quoteattr

from fontes.crawler import clean
from fontes.tools import Filters
from fontes.tools.search.arxiv import Arxiv

DATED = True
KIND = "application/atom+xml"
SENT_AS = "all:high OR all:tides OR all:word"
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"search_query": "(all:tides) AND submittedDate:[202401020000 TO 202403042359]"},
    ),
    (
        Filters(until=date(2024, 3, 4)),
        {"search_query": "(all:tides) AND submittedDate:[199101010000 TO 202403042359]", "sortBy": "relevance"},
    ),
]


def make(url, terms):
    return Arxiv(url=f"{url}/api/query", terms=terms)


def answer(asked, entries):
    start, count = int(asked.params["start"]), int(asked.params["max_results"])
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?search_query%3Dall%3Atides" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: search_query=all:tides&amp;id_list=&amp;start=0&amp;max_results=10</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <updated>2024-03-05T00:00:00-05:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{len(entries)}</opensearch:totalResults>
  {"".join(map(_entry, entries[start : start + count]))}
</feed>"""


def _entry(each):
    published = f"<published>{each.published}T18:00:01Z</published>" if each.published else ""
    return f"""
  <entry xmlns="http://www.w3.org/2005/Atom">
    <id></id>
    <updated>2025-01-01T00:00:00Z</updated>
    {published}
    <title>{_plain(each.title)}</title>
    <summary>  {_plain(each.snippet)}
    </summary>
    <author><name>A. Author</name></author>
    <link href={quoteattr(each.url)} rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2403.00001v1" rel="related" type="application/pdf"/>
    <category term="physics.ao-ph" scheme="http://arxiv.org/schemas/atom"/>
  </entry>"""


def _plain(text):
    """XML 1.0 has no place for control characters."""
    return escape(clean(text))
