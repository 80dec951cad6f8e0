"""A toy tokenizer: about as many tokens as a real one, exact both ways, and the same everywhere.

A token is up to six ASCII letters, up to three digits, or one mark, each with the space before it; up to six spaces or
line ends; or one other character. So English text has about 1.3 tokens a word, as with the tokenizers of real models.
Tokens are cut left to right, and their texts put together are the text.
"""

import re
from collections.abc import Iterable, Sequence

from ..chat import Message

BEGIN, END = "<|im_start|>", "<|im_end|>"
_SPECIAL = {BEGIN: 1, END: 2}
_SPECIAL_TEXT = {number: text for text, number in _SPECIAL.items()}

_TOKEN = re.compile(
    r"<\|im_(?:start|end)\|>| ?[A-Za-z]{1,6}| ?[0-9]{1,3}| ?[!-/:-@\[-`{-~]|[ \t\n\r\f\v]{1,6}|.", re.DOTALL
)


def split(text: str) -> list[str]:
    """The tokens of a text, as texts."""
    return _TOKEN.findall(text)


def rendered(messages: Iterable[Message]) -> str:
    """A conversation as the model reads it: in ChatML, open for the assistant's turn."""
    turns = "".join(f"{BEGIN}{message.role}\n{message.content}{END}\n" for message in messages)
    return f"{turns}{BEGIN}assistant\n"


def number(token: str) -> int:
    """The id of a token: its own bytes behind a 1, so that no vocabulary has to be kept; below 2**63."""
    special = _SPECIAL.get(token)
    return special or int.from_bytes(b"\x01" + token.encode("utf-8", "surrogatepass"))


def joined(numbers: Sequence[int]) -> str:
    """The text of token ids.

    Raises:
        ValueError: one of them is no token's id.
    """
    return "".join(map(_text, numbers))


def _text(number: int) -> str:
    if number in _SPECIAL_TEXT:
        return _SPECIAL_TEXT[number]
    if number < 256:
        raise ValueError(f"{number} is no token")
    held = number.to_bytes((number.bit_length() + 7) // 8)
    if held[0] != 1:
        raise ValueError(f"{number} is no token")
    return held[1:].decode("utf-8", "surrogatepass")
