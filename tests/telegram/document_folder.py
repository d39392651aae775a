"""The documents of the scenarios: two that agree, one that disagrees, and one that attacks the message's markup."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from retrieval.index.build import build_index
from retrieval.index.manifest import MANIFEST
from retrieval.settings import IndexSettings
from tests.conftest import no_report, write_corpus

DOCUMENTS = {
    "harbour.txt": "The Harbour of Lund\n\nMay 4, 1999 – The harbour of Lund was opened in 1871 by Queen Astrid. It "
    "has 14 piers. Ships of every size land there, and the fish market opens at six every morning.\n",
    "guide.txt": "A Guide to Lund\n\nThe town lies on the coast. The harbour of Lund was opened in 1871 after ten "
    "years of work. Visitors can see the old cranes.\n",
    "chronicle.txt": "A Chronicle\n\nIn this chronicle the years differ. The harbour of Lund was opened in 1868, the "
    "monks wrote.\n",
    "mill.txt": "The Old Mill\n\nMay 4, 1999 – The old mill burned down in 1998. Nobody was hurt. The miller was "
    "called Anders Holm.\n",
    "news/bridge.md": "# The Bridge\n\nThe bridge cost $3.2 million. It links Lund, Malmö and Ystad.\n\n## Length\n\n"
    "The bridge is 840 metres long.\n",
    "<b>@keeper_of_light & _co_.txt": "Notes <b>of</b> @keeper_of_light & co\n\nThe lighthouse <i>burned down</i> in "
    "1904, said @keeper_of_light at https://evil.example.com/ping with /start and #fire 😀.\n",
}
HARBOUR, BRIDGE, MILL = "When was the harbour of Lund opened?", "How long is the bridge?", "Who was the miller?"
LIGHTHOUSE, UNKNOWN = "When did the lighthouse burn down?", "Who invented the telephone?"
PIERS = "How many piers are there?"
"""A question that `told_bot` is not sure of."""


class DocumentFolder:
    """A folder of documents with its index, and the bot's database next to it."""

    def __init__(self, folder: Path) -> None:
        self.docs, self.index = folder / "docs", folder / "state" / "index"
        self.index.parent.mkdir(parents=True)
        write_corpus(self.docs, DOCUMENTS)

    @property
    def database(self) -> Path:
        """The file with answers, ratings and the inbox."""
        return self.index.parent / "feedback.sqlite"

    def build(self) -> None:
        build_index(self.docs, self.index, IndexSettings(), no_report)

    def copy_to(self, folder: Path) -> DocumentFolder:
        """A copy with the same documents and index, which is of the copied documents."""
        shutil.copytree(self.docs.parent, folder)
        copied = DocumentFolder.__new__(DocumentFolder)
        copied.docs, copied.index = folder / "docs", folder / "state" / "index"
        manifest = copied.index / MANIFEST
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"docs": str(copied.docs)}))
        return copied
