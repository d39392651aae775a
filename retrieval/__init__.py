"""Files to answers. `from retrieval import Library` is the way in; importing it loads no model.

    retrieval/
      spans schema citing errors settings text language query restrictions hashing inference    what all below shares
      documents/      files to documents and passages
      encoder/        texts to vectors
      index/          documents to a searchable index, and the search
      answer/         hits to an answer or a refusal
      conversation/   what a question means in its conversation
      library.py      the one door: open, ask, search, sources, document, verify
      models/         our own weights, each with its card
      training/       how the weights were made; no serving code imports it

A module imports only from its own folder and from what stands above it; tests/test_layers.py holds that.

ONNX Runtime 1.29 and later report to Microsoft over the network unless told not to before they are loaded. We tell them
here, for every process of ours; tests/test_quiet.py holds that nothing is sent and no device id is written.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval.errors import QuothError as QuothError
    from retrieval.library import Library as Library
    from retrieval.schema import Answer as Answer
    from retrieval.schema import AnswerText as AnswerText
    from retrieval.schema import Citation as Citation
    from retrieval.schema import Document as Document
    from retrieval.schema import Hit as Hit
    from retrieval.schema import Source as Source
    from retrieval.schema import Turn as Turn

    version: str

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_HOMES = {
    "Library": "retrieval.library",
    "QuothError": "retrieval.errors",
    **dict.fromkeys(["Answer", "AnswerText", "Citation", "Document", "Hit", "Source", "Turn"], "retrieval.schema"),
}
__all__ = [
    "Answer",
    "AnswerText",
    "Citation",
    "Document",
    "Hit",
    "Library",
    "QuothError",
    "Source",
    "Turn",
    "version",
]


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used; `version` is the installed version of Quoth."""
    if name == "version":
        from importlib.metadata import version

        return version("quoth")
    if name not in _HOMES:
        raise AttributeError(f"module 'retrieval' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
