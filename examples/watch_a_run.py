"""Watch a question on its way: every step with the time it took, every sentence with its verdict.

python examples/watch_a_run.py
"""

import asyncio
from pathlib import Path

from fontes import Answer, Assistant

DOCUMENTS = Path(__file__).parent / "lighthouses"


async def main() -> None:
    async with Assistant() as fontes:
        async for event in fontes.stream("Why did fog signals fall silent?", sources=[DOCUMENTS]):
            match event.kind, event.value:
                case "step_finished", float(seconds):
                    print(f"{event.at:6.2f} s  {event.step:<10} {1000 * seconds:6.0f} ms")
                case "answer", Answer() as answer:
                    print(answer.text or "The sources do not answer this.")


if __name__ == "__main__":
    asyncio.run(main())
