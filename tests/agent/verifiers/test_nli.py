"""Entailment models as folders: what their labels mean, which windows they read, what is made of their numbers."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fontes.agent.errors import VerifierError
from fontes.agent.verifiers.nli import Nli
from fontes.agent.verifiers.nli_folder import Unusable
from fontes.retrievers import ModelMissing
from onnx import TensorProto

EVIDENCE = (
    "The Orvay lighthouse was built in 1854 by James Calder. Its lamp burned whale oil until 1871.",
    "The keeper's house was sold to the council. It is open in summer.",
)
CLAIM = "The Orvay lighthouse was built in 1854."
FILLER = "The council met again to speak of the harbour and of its walls. " * 300

NliFolder = Callable[..., Path]


@pytest.mark.parametrize(
    "labels",
    [
        ("entailment", "neutral", "contradiction"),
        ("CONTRADICTION", "ENTAILMENT", "NEUTRAL"),
        ("Neutral", "Contradicts", "Entails"),
        ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"),
        ("c", "n", "e"),
        ("entailment", "not_entailment"),
        ("not-entailment", "ENTAILMENT"),
    ],
    ids=", ".join,
)
async def test_classes_come_in_any_order_and_spelling(nli_folder: NliFolder, labels: tuple[str, ...]) -> None:
    verifier = Nli(nli_folder(EVIDENCE, labels=labels))
    found = await verifier.check(CLAIM, EVIDENCE)
    assert (found.label, found.reason) == ("supported", "")
    assert found.score > 0.95
    other = await verifier.check("The council sold whales to the keeper of a school.", EVIDENCE)
    assert (other.label, other.reason) == ("unsupported", "the source does not say it")
    assert other.score < 0.5


@pytest.mark.parametrize(
    ("labels", "word"),
    [
        (("LABEL_0", "LABEL_1", "LABEL_2"), "LABEL_0"),
        (("entailment",), "entailment"),
        (("neutral", "contradiction"), "neutral"),
        (("entailment", "entails", "neutral"), "entails"),
        (("positive", "negative"), "positive"),
    ],
)
def test_classes_of_another_meaning_are_refused(nli_folder: NliFolder, labels: tuple[str, ...], word: str) -> None:
    folder = nli_folder(EVIDENCE)
    (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(labels))}))
    with pytest.raises(Unusable, match="entailment, neutral and contradiction") as raised:
        Nli(folder)
    assert word in str(raised.value)
    assert "FONTES_NLI" in str(raised.value)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(nli_folder: NliFolder, name: str) -> None:
    folder = nli_folder(EVIDENCE)
    (folder / name).unlink()
    with pytest.raises(ModelMissing, match=f"{name}: No such file"):
        Nli(folder)


@pytest.mark.parametrize("config", [b"", b"[]", b"\xff\xfe", b'{"id2label": 3}', b'{"id2label": {"x": "y"}}'])
def test_a_config_that_is_none_is_refused(nli_folder: NliFolder, config: bytes) -> None:
    folder = nli_folder(EVIDENCE)
    (folder / "config.json").write_bytes(config)
    with pytest.raises(Unusable, match=r"config\.json"):
        Nli(folder)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("model.onnx", b"no graph", "onnxruntime cannot load it"),
        ("tokenizer.json", b"{}", "it is no tokenizer"),
        ("config.json", b'{"id2label": {"0": "entailment", "1": "not_entailment"}}', "no 2 finite numbers"),
    ],
)
async def test_files_that_do_not_fit_reach_no_verdict(
    nli_folder: NliFolder, name: str, content: bytes, why: str
) -> None:
    folder = nli_folder(EVIDENCE)
    (folder / name).write_bytes(content)
    with pytest.raises(VerifierError, match=why):
        await Nli(folder).check(CLAIM, EVIDENCE)


@pytest.mark.parametrize("inputs", [("input_ids",), ("input_ids", "attention_mask"), ("attention_mask", "input_ids")])
@pytest.mark.parametrize("ids", [TensorProto.INT32, TensorProto.INT64])
async def test_a_graph_gets_the_inputs_it_wants(nli_folder: NliFolder, inputs: tuple[str, ...], ids: int) -> None:
    verifier = Nli(nli_folder(EVIDENCE, inputs=inputs, ids=ids))
    assert (await verifier.check(CLAIM, EVIDENCE)).label == "supported"


async def test_a_graph_that_wants_something_else_reaches_no_verdict(nli_folder: NliFolder) -> None:
    verifier = Nli(nli_folder(EVIDENCE, inputs=("input_ids", "pixel_values")))
    with pytest.raises(VerifierError, match="pixel_values"):
        await verifier.check(CLAIM, EVIDENCE)


def test_the_name_tells_folder_and_files(nli_folder: NliFolder, tmp_path: Path) -> None:
    folder = nli_folder(EVIDENCE)
    first = Nli(folder).name
    assert first.startswith("nli/1 tiny-nli ")
    assert Nli(folder).name == first
    moved = Path(shutil.copytree(folder, tmp_path / "another"))
    assert Nli(moved).name == first.replace("tiny-nli", "another")
    with (moved / "model.onnx").open("ab") as file:
        file.write(b"\0")
    assert Nli(moved).name[-12:] != first[-12:]


async def test_a_window_of_long_evidence_is_found(nli_folder: NliFolder) -> None:
    verifier = Nli(nli_folder([*EVIDENCE, FILLER]))
    assert (await verifier.check(CLAIM, [FILLER, f"{FILLER}{EVIDENCE[0]} {FILLER}"])).label == "supported"


async def test_sentences_of_several_texts_support_together(nli_folder: NliFolder) -> None:
    verifier = Nli(nli_folder(EVIDENCE))
    claim = (
        "The Orvay lighthouse was built in 1854 and the keeper's house was sold to the council and is open in summer."
    )
    assert (await verifier.check(claim, EVIDENCE[:1])).label == "unsupported"
    assert (await verifier.check(claim, ["The Orvay lighthouse was built and 1854.", *EVIDENCE])).label == "supported"


async def test_a_window_that_denies_it_contradicts(nli_folder: NliFolder) -> None:
    verifier = Nli(nli_folder(EVIDENCE))
    found = await verifier.check(CLAIM, ["The Orvay lighthouse was not built in 1854."])
    assert (found.label, found.reason) == ("contradicted", "the source speaks against it")
    assert found.score < 0.5


@pytest.mark.parametrize(
    "denial", ["The council was not open in summer.", "The Stennick lighthouse was not built in 1854."]
)
async def test_a_denial_about_something_else_contradicts_nothing(nli_folder: NliFolder, denial: str) -> None:
    verifier = Nli(nli_folder([*EVIDENCE, denial]))
    assert (await verifier.check(CLAIM, [denial])).label == "unsupported"


async def test_what_one_text_entails_another_does_not_contradict(nli_folder: NliFolder) -> None:
    verifier = Nli(nli_folder(EVIDENCE))
    texts = ["The Orvay lighthouse was not built in 1854.", EVIDENCE[0]]
    for evidence in (texts, texts[::-1]):
        assert (await verifier.check(CLAIM, evidence)).label == "supported"


async def test_two_classes_never_contradict(nli_folder: NliFolder) -> None:
    verifier = Nli(nli_folder(EVIDENCE, labels=("entailment", "not_entailment")))
    found = await verifier.check("The Stennick harbour was never closed.", ["The Orvay lighthouse was not built."])
    assert found.label == "unsupported"


async def test_of_two_sentences_one_can_be_lacking(nli_folder: NliFolder) -> None:
    verifier = Nli(nli_folder(EVIDENCE))
    found = await verifier.check(f"{CLAIM} Pirates from Brest burned the council down.", EVIDENCE)
    assert (found.label, found.reason) == (
        "partial",
        "the source does not say “Pirates from Brest burned the council down.”",
    )
    assert found.score < 0.5


@pytest.mark.parametrize("claim", [f"{CLAIM} " * 300, f"{CLAIM[:-1]} and " * 300])
async def test_a_claim_that_is_too_long_is_never_supported(nli_folder: NliFolder, claim: str) -> None:
    found = await Nli(nli_folder(EVIDENCE)).check(claim, EVIDENCE)
    assert found.label == "partial"
    assert found.reason == "it is too long to be judged as a whole"


async def test_a_claim_of_more_tokens_than_the_model_reads_is_not_cut(nli_folder: NliFolder) -> None:
    folder = nli_folder(EVIDENCE)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "max_position_embeddings": 16}))
    verifier = Nli(folder)
    assert (await verifier.check("The lamp burned whale oil.", EVIDENCE)).label == "unsupported"  # the premise is cut
    assert (await verifier.check("built in 1854", EVIDENCE)).label == "supported"
    assert (await verifier.check("built in 1854 built in 1854 built in 1854", EVIDENCE)).score == 0.0
