"""Ask from a program: an answer with every citation held against the stored text, and a question that is not answered.

python examples/ask_from_python.py
"""

import asyncio
from pathlib import Path

from fontes import Answer, Assistant

DOCUMENTS = Path(__file__).parent / "lighthouses"
QUESTIONS = ("When was Stennick Head Light automated?", "Who painted the ceiling of the Sistine Chapel?")


async def main() -> None:
    async with Assistant() as fontes:
        for question in QUESTIONS:
            answer = await fontes.ask(question, sources=[DOCUMENTS])
            print(f"{question} ({answer.status})\n{answer}\n")
            await check(answer, fontes)


async def check(answer: Answer, fontes: Assistant) -> None:
    """Every quote stands in the text that was stored, to the letter."""
    for citations in answer.sources:
        for citation in citations:
            page = await fontes.index.store.page(citation.page_hash)
            assert page is not None
            assert page.text[citation.start : citation.end] == citation.quote


if __name__ == "__main__":
    asyncio.run(main())
