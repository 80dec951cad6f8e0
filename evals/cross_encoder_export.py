"""A trained cross-encoder as the folder that `agent/verifiers/nli_folder.py` reads: int8 ONNX, tokenizer, classes."""

# pyright: reportMissingImports=false
# torch is installed only by whoever trains.

import copy
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_HALVED = 8
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_CONFIG = {
    "id2label": {"0": "not_entailment", "1": "entailment"},
    "max_position_embeddings": 512,
    "hypothesis_first": True,
}


def write_folder(model: Any, folder: Path, tokenizer: Path) -> None:
    """Write `model`, a BertForSequenceClassification of one logit, into `folder`, which is made.

    The matrices are int8 with a scale for each column, and what they are multiplied with is quantised as it comes. Not
    so the second matrix of the feed-forward layers: what comes to it has outliers, up to two hundred times the mean,
    and with one scale for all of it probabilities moved by .04 in the mean (now by .01). The lower eight layers keep it
    in half precision, the others as int8 with a scale for each row.
    """
    from onnxruntime.quantization.quant_utils import QuantType
    from onnxruntime.quantization.quantize import quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "float.onnx"
        nodes = _write_float(model, whole)
        alone = [name for name in nodes if name.endswith("/output/dense/MatMul") and "/attention/" not in name]
        path = folder / "model.onnx"
        quantize_dynamic(
            whole, path, op_types_to_quantize=["MatMul", "Gemm", "Gather"], weight_type=QuantType.QInt8,
            per_channel=True, nodes_to_exclude=alone,
        )  # fmt: skip
        _pack(path, alone)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "config.json").write_text(json.dumps(_CONFIG, indent=1) + "\n", encoding="utf-8")


def _write_float(model: Any, path: Path) -> list[str]:
    """Write the model with two numbers, −z/2 and z/2, whose softmax is the sigmoid of its logit z; the names of the
    nodes of its graph."""
    import onnx
    import torch

    both = copy.deepcopy(model).eval()
    both.config.return_dict = False
    half, bias = model.classifier.weight.detach() / 2, model.classifier.bias.detach() / 2
    both.classifier = torch.nn.Linear(half.shape[1], 2)
    both.classifier.weight.data, both.classifier.bias.data = torch.cat([-half, half]), torch.cat([-bias, bias])
    ids = torch.ones(1, 17, dtype=torch.long)
    torch.onnx.export(
        both, (ids, ids, torch.zeros_like(ids)), str(path), input_names=list(_INPUTS), output_names=["logits"],
        dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in _INPUTS} | {"logits": {0: "pairs"}},
        dynamo=False, opset_version=17,
    )  # fmt: skip
    return [node.name for node in onnx.load(str(path)).graph.node]


def _pack(path: Path, nodes: Sequence[str]) -> None:
    """Store the matrices of these nodes, which are in the order of their layers, in fewer bytes."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(path))
    stored = {each.name: each for each in model.graph.initializer}
    second = {node.name: node.input[1] for node in model.graph.node if node.name in nodes}
    unpack: list[Any] = []
    for layer, name in enumerate(second[node] for node in nodes):
        matrix = numpy_helper.to_array(stored[name])
        model.graph.initializer.remove(stored[name])
        if layer < _HALVED:
            parts: dict[str, Any] = {"half": matrix.astype(np.float16)}
            unpack.append(helper.make_node("Cast", [f"{name}_half"], [name], f"{name}_unpack", to=TensorProto.FLOAT))
        else:
            scale = np.maximum(np.abs(matrix).max(axis=1), 1e-8) / np.float32(127)
            zero = np.zeros(len(scale), dtype=np.int8)
            parts = {"int8": np.rint(matrix / scale[:, None]).astype(np.int8), "scale": scale, "zero": zero}
            packed = [f"{name}_{kind}" for kind in parts]
            unpack.append(helper.make_node("DequantizeLinear", packed, [name], f"{name}_unpack", axis=0))
        model.graph.initializer.extend(numpy_helper.from_array(part, f"{name}_{kind}") for kind, part in parts.items())
    for made in reversed(unpack):
        model.graph.node.insert(0, made)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
