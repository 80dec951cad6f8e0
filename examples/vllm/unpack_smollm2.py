"""A GGUF file as a folder of weights, configuration, tokenizer and chat template: `unpack_smollm2.py GGUF FOLDER`.

vLLM reads such folders on a CPU. Run by the Python of the environment, in which transformers is.
"""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main() -> None:
    gguf, folder = Path(sys.argv[1]), Path(sys.argv[2])
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.bfloat16)
    # It calls itself quantised still, though its numbers are not, and is not saved as long as it does.
    if model.hf_quantizer is not None:
        model.hf_quantizer.remove_quantization_config(model)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    main()
