"""Ask from a program: one answer, and every citation held against the stored text.

python examples/ask_from_python.py
"""

import asyncio
from pathlib import Path

from fontes import Assistant

DOCUMENTS = Path(__file__).parent / "lighthouses"


async def main() -> None:
    async with Assistant() as fontes:
        answer = await fontes.ask("How often is the mercury bath of a Fresnel lens strained?", sources=[DOCUMENTS])
        print(answer.status, "·", answer.text)
        for number, citations in enumerate(answer.sources, start=1):
            for citation in citations:
                page = await fontes.index.store.page(citation.page_hash)
                assert page is not None
                assert page.text[citation.start : citation.end] == citation.quote
                print(f"[{number}] {citation.title or Path(citation.source).name}: “{citation.quote}”")


if __name__ == "__main__":
    asyncio.run(main())
