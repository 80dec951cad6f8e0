"""Training a small cross-encoder on CPU: start weights out of the packaged int8 model, and an epoch.

Needs what `train_entailment.py` names; nothing of it is imported before a function is called.
"""

# pyright: reportMissingImports=false
# torch and transformers are installed only by whoever trains.

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .entailment_texts import Example

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 288
_LAYERS, _WIDTH = 12, 384
_STEP = 32


class CrossEncoder:
    """A BERT of 12 layers of 384 with one logit: 33.4 million weights, of which the words' 11.7 stay as they are."""

    def __init__(self, model: Any, tokenizer: "Tokenizer") -> None:
        self._model, self._tokenizer = model, tokenizer

    @classmethod
    def packaged(cls, model: Path, tokenizer: Path, threads: int = 1) -> "CrossEncoder":
        """The relevance model of `model` (int8 ONNX) with float weights: its logits differ by .06 from the int8's."""
        import torch
        from tokenizers import Tokenizer
        from transformers import BertConfig, BertForSequenceClassification

        torch.set_num_threads(threads)
        shape = BertConfig(
            vocab_size=30_522, hidden_size=_WIDTH, num_hidden_layers=_LAYERS, num_attention_heads=12,
            intermediate_size=4 * _WIDTH, num_labels=1, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,  # random numbers are drawn on one thread, and there are few epochs
        )  # fmt: skip
        shape._attn_implementation = "eager"  # the backward pass of the other is slow on CPUs without MKL's kernels
        bert = BertForSequenceClassification(shape)
        bert.load_state_dict({name: torch.from_numpy(array) for name, array in _weights(model).items()})
        bert.bert.embeddings.word_embeddings.weight.requires_grad = False
        read = Tokenizer.from_file(str(tokenizer))
        read.no_padding()
        read.enable_truncation(MAX_TOKENS, strategy="only_second")
        return cls(bert, read)

    def save(self, path: Path) -> None:
        """Write the weights, to go on from with `load`."""
        import torch

        torch.save(self._model.state_dict(), path)

    def load(self, *paths: Path) -> None:
        """Take the weights that `save` wrote; of several files their mean."""
        import torch

        states = [torch.load(path, weights_only=True) for path in paths]
        mean = {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
        self._model.load_state_dict(mean)

    def export(self, folder: Path, tokenizer: Path) -> None:
        """Write an entailment model for `NliFolder`: int8 graph, tokenizer and classes (39 MB)."""
        from .cross_encoder_export import write_folder

        write_folder(self._model, folder, tokenizer)

    def train(self, examples: Sequence[Example], *, rate: float, seed: int, keep: Path, batch: int = 32) -> None:
        """Go through the examples once, with cross-entropy and a rate that rises, then falls to 0.

        `keep`: where the weights are written, every 100 steps and at the end.
        """
        import torch

        torch.manual_seed(seed)
        draw = random.Random(seed)
        read = [self._tokenizer.encode(each.claim, each.evidence) for each in examples]
        batches = _batches([len(e.ids) for e in read], batch, draw)
        weights = [w for w in self._model.parameters() if w.requires_grad]
        optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
        warm = max(1, len(batches) // 16)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min((step + 1) / warm, max(0.0, (len(batches) - step) / (len(batches) - warm)))
        )
        self._model.train()
        began, losses = time.monotonic(), []
        for step, part in enumerate(batches, start=1):
            labels = torch.tensor([0.03 + 0.94 * examples[n].is_supported for n in part])
            with torch.autocast("cpu", torch.bfloat16):
                logits = self._logits([read[n] for n in part])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), labels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            losses.append(loss.item())
            if step % 25 == 0:
                print(
                    f"  step {step}/{len(batches)} loss {np.mean(losses[-25:]):.3f} {time.monotonic() - began:.0f} s",
                    flush=True,
                )
            if step % 100 == 0:
                self.save(keep)
        self.save(keep)

    def _logits(self, read: "Sequence[Encoding]") -> "torch.Tensor":
        import torch

        # Each new shape costs the compilation of its kernels.
        length = -(-max(len(each.ids) for each in read) // _STEP) * _STEP
        ids, mask, kinds = (torch.zeros(len(read), length, dtype=torch.long) for _ in range(3))
        for row, each in enumerate(read):
            many = len(each.ids)
            ids[row, :many], mask[row, :many] = torch.tensor(each.ids), 1
            kinds[row, :many] = torch.tensor(each.type_ids)
        found: torch.Tensor = self._model(ids, attention_mask=mask, token_type_ids=kinds).logits[:, 0]
        return found


def _batches(lengths: Sequence[int], size: int, draw: random.Random) -> list[list[int]]:
    """Batches of nearly equal lengths, in random order."""
    order = sorted(range(len(lengths)), key=lambda n: lengths[n] + draw.random() * 12)
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    draw.shuffle(batches)
    return batches


def _weights(path: Path) -> dict[str, Any]:
    """The weights of a dynamically quantised BERT as float32 by their names in transformers."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(path))
    arrays = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}

    def floats(name: str) -> Any:
        values, zero = arrays[f"{name}_quantized"].astype(np.float32), arrays[f"{name}_zero_point"].astype(np.float32)
        return (values - zero) * arrays[f"{name}_scale"]

    found = {
        name: np.array(array)
        for name, array in arrays.items()
        if name.startswith(("bert.", "classifier.")) and array.dtype == np.float32 and not name.endswith("_scale")
    }
    for name in arrays:
        if name.startswith("bert.") and name.endswith("_quantized"):
            found[name.removesuffix("_quantized")] = floats(name.removesuffix("_quantized"))
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            found[f"{_layer(node.name)}.weight"] = floats(node.input[1].removesuffix("_quantized")).T.copy()
    return found


def _layer(node: str) -> str:
    """The name in transformers of the layer that a node multiplies by."""
    return node.strip("/").replace("/", ".").removesuffix("MatMul_quant").rstrip("._").removesuffix(".Gemm")
