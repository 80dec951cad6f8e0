"""The entailment model beside the words: what it adds, what stays above it, and which folders are refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fontes.agent.errors import SettingError, VerifierError
from fontes.agent.settings import Settings
from fontes.agent.verifiers.entailment import WEIGHTS, Entailment, NoEntailment, fitted_weights
from fontes.agent.verifiers.lexical import Lexical
from fontes.agent.verifiers.lexical_entailment import LexicalEntailment
from fontes.agent.verifiers.nli import Nli
from fontes.agent.verifiers.nli_folder import NliFolder, Unusable
from hypothesis import given
from hypothesis import strategies as st

EVIDENCE = (
    "The Orvay lighthouse was built in 1854 by James Calder. Its lamp burned whale oil until 1871.",
    "The keeper's house was sold to the council. It is open in summer.",
)
REORDERED = "James Calder built the lighthouse by 1854."
LACKING = "The Orvay lighthouse was painted in stripes by a guild of fishermen."

MakeFolder = Callable[..., Path]


async def test_what_the_model_says_moves_the_score(entailment_folder: MakeFolder) -> None:
    scores = {}
    for weight in (0.0, 0.3, 0.9):
        verifier = LexicalEntailment(entailment_folder(EVIDENCE, entailed=weight))
        scores[weight] = [(await verifier.check(claim, EVIDENCE)).score for claim in (REORDERED, LACKING)]
    assert scores[0.9][0] > scores[0.3][0] > scores[0.0][0]
    assert scores[0.9][1] < scores[0.3][1] < scores[0.0][1]


async def test_a_claim_with_an_objection_is_never_supported(entailment_folder: MakeFolder) -> None:
    claim = "The Orvay lighthouse was built in 1871 by James Calder until 1854 days were sold."
    folder = entailment_folder((*EVIDENCE, claim), entailed=9.0)
    assert Entailment(folder).entailed(claim, (*EVIDENCE, "1854 days were sold")).whole > 0
    verdict = await LexicalEntailment(folder).check(claim, EVIDENCE)
    assert verdict.label != "supported"
    assert verdict.score < 0.5


async def test_what_stands_verbatim_needs_no_model(entailment_folder: MakeFolder) -> None:
    folder = entailment_folder(EVIDENCE)
    (folder / "model.onnx").write_bytes(b"no graph")
    data = json.loads((folder / WEIGHTS).read_text())
    (folder / WEIGHTS).write_text(json.dumps(data | {"model": Entailment(folder).digest}))
    verifier = LexicalEntailment(folder)
    assert (await verifier.check("Its lamp burned whale oil until 1871.", EVIDENCE)).label == "supported"
    with pytest.raises(VerifierError, match="onnxruntime cannot load it"):
        await verifier.check(REORDERED, EVIDENCE)


def test_a_claim_is_as_good_as_its_worst_sentence(entailment_folder: MakeFolder) -> None:
    model = Entailment(entailment_folder(EVIDENCE))
    one = model.entailed(REORDERED, EVIDENCE)
    both = model.entailed(f"{REORDERED} {LACKING}", EVIDENCE)
    assert one.least == one.whole > 0
    assert both.least == model.entailed(LACKING, EVIDENCE).whole < 0


def test_a_claim_too_long_to_read_is_not_entailed(entailment_folder: MakeFolder) -> None:
    assert Entailment(entailment_folder(EVIDENCE)).entailed("lighthouse " * 400, EVIDENCE).whole < 0


def test_the_name_tells_rules_model_and_weights(entailment_folder: MakeFolder) -> None:
    folder = entailment_folder(EVIDENCE)
    name = LexicalEntailment(folder).name
    assert name.startswith(f"{Lexical.name}+entailment/1 ")
    assert name == LexicalEntailment(folder).name
    refitted = (folder / WEIGHTS).read_text().replace('"entailed": 0.5', '"entailed": 0.6')
    (folder / WEIGHTS).write_text(refitted)
    assert LexicalEntailment(folder).name != name


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"model": "0" * 64}, "fitted to the model 000000000000…"),
        ({"weights": {"entailed": 1.0}}, "fitted to other features .*focus_coverage"),
        ({"supported_at": 55}, "supported_at: Input should be less than 1"),
        ({"intercept": None}, "intercept: "),
    ],
)
def test_weights_that_do_not_fit_are_refused(
    entailment_folder: MakeFolder, change: dict[str, object], why: str
) -> None:
    folder = entailment_folder(EVIDENCE)
    data = json.loads((folder / WEIGHTS).read_text())
    (folder / WEIGHTS).write_text(json.dumps(data | change))
    with pytest.raises(NoEntailment, match=why) as raised:
        LexicalEntailment(folder)
    assert "name it in FONTES_NLI" in str(raised.value)


@given(content=st.binary(max_size=60) | st.recursive(
    st.none() | st.floats() | st.text(max_size=5), lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3)
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_any_bytes_are_refused_as_weights(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("weights")
    (folder / WEIGHTS).write_bytes(content)
    with pytest.raises(NoEntailment):
        fitted_weights(folder, "")


def test_a_model_of_other_classes_is_refused(nli_folder: MakeFolder) -> None:
    with pytest.raises(NoEntailment, match="its classes are contradiction, entailment, neutral"):
        Entailment(nli_folder(EVIDENCE))


@pytest.mark.parametrize("place", ["nli", "models", "home"])
def test_the_folder_is_found_where_it_is_named_or_beside_the_models(
    entailment_folder: MakeFolder, tmp_path: Path, place: str
) -> None:
    there = tmp_path / "data" / "models"
    there.mkdir(parents=True)
    folder = entailment_folder(EVIDENCE).rename(there / "entailment")
    chosen = {
        "nli": {"nli": folder, "home": tmp_path},
        "models": {"models": there},
        "home": {"home": tmp_path / "data"},
    }
    built = Settings(verifier="entailment", **chosen[place]).build_verifier()
    assert isinstance(built, LexicalEntailment)
    assert isinstance(Settings(**chosen[place]).build_verifier(), Lexical)


def test_without_the_folder_the_setting_is_refused(tmp_path: Path) -> None:
    missing = r"verifier = 'entailment' .*entailment/config\.json: No such file.*name it in FONTES_NLI"
    with pytest.raises(SettingError, match=missing):
        Settings(verifier="entailment", home=tmp_path).build_verifier()


def test_a_model_may_read_the_hypothesis_first(nli_folder: MakeFolder) -> None:
    folder = nli_folder(EVIDENCE)
    premise, hypothesis = EVIDENCE[0], "The lighthouse was sold."
    plain = NliFolder(folder)
    there, back = plain.logits(premise, hypothesis), plain.logits(hypothesis, premise)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"hypothesis_first": True}))
    turned = NliFolder(folder)
    assert there != back
    assert turned.logits(premise, hypothesis) == back
    assert turned.logits(premise * 400, hypothesis) is not None
    assert turned.digest != plain.digest


async def test_the_folder_serves_the_verifier_nli_too(entailment_folder: MakeFolder) -> None:
    folder = entailment_folder(EVIDENCE)
    assert (await Nli(folder).check(REORDERED, EVIDENCE)).label == "supported"
    (folder / "tokenizer.json").unlink()
    with pytest.raises(Unusable, match=r"tokenizer\.json"):
        Nli(folder)
