"""What the tests of the verifiers share."""

import gzip
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import onnx
import onnx.parser
import pytest
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer
from fontes.agent.verifiers.entailment import WEIGHTS, Entailment
from fontes.agent.verifiers.judge import Judge
from fontes.agent.verifiers.lexical import Lexical, shipped
from fontes.retrievers.served.endpoint import Endpoint
from onnx import TensorProto
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing


@pytest.fixture(scope="session")
def real_sentences(shared_data: Path) -> list[str]:
    """Four hundred sentences of real pages, the same each time."""
    raw = gzip.decompress((shared_data / "claims/wice/pages.jsonl.gz").read_bytes())
    sentences = [s for line in raw.splitlines() for s in json.loads(line)["sentences"] if 30 < len(s) < 400]
    return random.Random(5).sample(sentences, 400)


MakeJudge = Callable[..., Awaitable[tuple[Judge, ScriptedServer]]]


@pytest.fixture
async def judge_by() -> AsyncIterator[MakeJudge]:
    """`await judge_by(responder, **of_the_server)`: a judge with a server of its own, the lexical one behind it."""
    async with AsyncExitStack() as stack:

        async def start(
            responder: Callable[[Asked], Reply], *, most_prompt_tokens: int = 2_300, **of_the_server: object
        ) -> tuple[Judge, ScriptedServer]:
            server = await stack.enter_async_context(ScriptedServer(responder, **of_the_server))
            endpoint = Endpoint(server.url)
            stack.push_async_callback(endpoint.aclose)
            chat = OpenAICompatible(endpoint, first_token_s=5.0, between_tokens_s=5.0)
            return Judge(chat, fallback=Lexical(), most_prompt_tokens=most_prompt_tokens), server

        yield start


MakeNli = Callable[..., Path]
_UNKNOWN, _START, _END, _NOT = range(4)


@pytest.fixture
def nli_folder(tmp_path: Path) -> MakeNli:
    """`nli_folder(texts, labels=…, inputs=…, ids=…)`: a folder with a model that knows the words of `texts`.

    It takes for entailed what has its words in the premise, and for contradicted what has a "not" where the premise
    has none, or none where it has one. `labels` are its classes in their order, as config.json is to spell them.
    """

    def make(
        texts: Sequence[str],
        *,
        labels: Sequence[str] = ("contradiction", "entailment", "neutral"),
        inputs: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids"),
        ids: int = TensorProto.INT64,
    ) -> Path:
        folder = tmp_path / "tiny-nli"
        folder.mkdir(exist_ok=True)
        (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(labels))}))
        _tokenizer(texts).save(str(folder / "tokenizer.json"))
        onnx.save(_overlap_model([_CLASSES[label.upper()[0]] for label in labels], inputs, ids), folder / "model.onnx")
        return folder

    return make


@pytest.fixture
def entailment_folder(nli_folder: MakeNli) -> MakeNli:
    """`entailment_folder(texts, entailed=…)`: as `nli_folder`, with the weights that the verifier reads: those
    of the words as shipped, and `entailed` for the model's log odds of the whole claim."""

    def make(texts: Sequence[str], *, entailed: float = 0.5) -> Path:
        folder = nli_folder(texts, labels=("not_entailment", "entailment"))
        weights = dict(shipped().weights) | {"entailed": entailed, "least_entailed": 0.0}
        written = {"weights": weights, "intercept": 0.0, "supported_at": 0.55, "partial_at": 0.3}
        written["model"] = Entailment(folder).digest
        (folder / WEIGHTS).write_text(json.dumps(written))
        return folder

    return make


def _tokenizer(texts: Sequence[str]) -> Tokenizer:
    split = Whitespace()
    found = sorted({word.casefold() for text in texts for word, _ in split.pre_tokenize_str(text)} - {"not"})
    known = {word: number for number, word in enumerate(("[UNK]", "[CLS]", "[SEP]", "not", *found))}
    tokenizer = Tokenizer(WordLevel(known, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), split
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", _START), ("[SEP]", _END)],
    )
    return tokenizer


# The number of each class by its first letter: log odds are (entailed, neutral, contradicted).
_CLASSES = {"E": 0, "S": 0, "N": 1, "C": 2, "R": 2}


def _overlap_model(order: Sequence[int], inputs: Sequence[str], ids: int) -> onnx.ModelProto:
    """Entailed: 6 − 30 · the share of the claim's words that the premise lacks; contradicted: 10 or −6."""
    graph = onnx.parser.parse_graph(
        """
        overlap (int64[1, n] input_ids) => (float[1, k] logits) {
            unknown = Constant <value_ints = [0]> ()
            end = Constant <value_ints = [2]> ()
            deny = Constant <value_ints = [3]> ()
            first = Constant <value_int = 1> ()
            axis = Constant <value_ints = [1]> ()
            last = Constant <value_ints = [2]> ()
            one = Constant <value_floats = [1.0]> ()
            half = Constant <value_floats = [0.5]> ()

            words = Cast <to = 7> (input_ids)
            is_end = Equal (words, end)
            ends = Cast <to = 1> (is_end)
            before = CumSum <exclusive = 1> (ends, first)
            in_premise = Less (before, half)
            in_second = Greater (before, half)
            no_end = Not (is_end)
            in_claim = And (in_second, no_end)

            is_unknown = Equal (words, unknown)
            is_known = Not (is_unknown)
            of_premise = And (in_premise, is_known)
            across = Unsqueeze (words, axis)
            down = Unsqueeze (words, last)
            same = Equal (across, down)
            may_hold = Unsqueeze (of_premise, axis)
            held_by = And (same, may_hold)
            held_as = Cast <to = 1> (held_by)
            held = ReduceMax <keepdims = 0> (held_as, last)
            claim = Cast <to = 1> (in_claim)
            lacks = Sub (one, held)
            lacking = Mul (claim, lacks)
            lacked = ReduceSum (lacking, axis)
            all = ReduceSum (claim, axis)
            share = Div (lacked, all)

            is_deny = Equal (words, deny)
            deny_claim = And (is_deny, in_claim)
            deny_premise = And (is_deny, in_premise)
            claim_as = Cast <to = 1> (deny_claim)
            premise_as = Cast <to = 1> (deny_premise)
            claim_denies = ReduceMax (claim_as, axis)
            premise_denies = ReduceMax (premise_as, axis)
            apart = Sub (claim_denies, premise_denies)
            denies = Abs (apart)

            steep = Constant <value_floats = [-30.0]> ()
            six = Constant <value_floats = [6.0]> ()
            zero = Constant <value_floats = [0.0]> ()
            wide = Constant <value_floats = [16.0]> ()
            less = Mul (steep, share)
            entailed = Add (six, less)
            neutral = Mul (zero, share)
            more = Mul (wide, denies)
            contradicted = Sub (more, six)
            every = Concat <axis = 1> (entailed, neutral, contradicted)
            logits = Gather <axis = 1> (every, order)
        }
        """
    )
    graph.initializer.append(onnx.helper.make_tensor("order", TensorProto.INT64, [len(order)], list(order)))
    del graph.input[:]
    graph.input.extend(onnx.helper.make_tensor_value_info(name, ids, [1, "n"]) for name in inputs)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model
