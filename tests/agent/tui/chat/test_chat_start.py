"""The first screen waits for nothing that a question needs."""

import subprocess
import sys

_FIRST_SCREEN = """
import asyncio, sys, time
from fontes.agent.tui.app import FontesChat
from fontes.agent.tui.service import Service

class Still(FontesChat):
    def _open(self):
        print(time.process_time(), "langgraph" in sys.modules, "openai" in sys.modules)

async def main():
    async with Still(Service()).run_test() as pilot:
        await pilot.pause()

asyncio.run(main())
"""


def test_the_first_screen_takes_little_processor_time_and_loads_neither_graph_nor_client() -> None:
    done = subprocess.run([sys.executable, "-c", _FIRST_SCREEN], capture_output=True, text=True, check=True)
    seconds, *loaded = done.stdout.split()
    assert loaded == ["False", "False"]
    assert float(seconds) < 4  # 0.6 s on two cores; from the call on, with all of it, 1.5 s
