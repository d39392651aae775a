"""`quoth eval` typed on a small set of questions."""

import pytest

from bot.cli import main
from eval import ablation, commands, gate, run
from eval.dataset import Evidence, Question
from eval.systems import System
from tests.eval.test_relevance import collection


@pytest.fixture
def typed(small, docs, tmp_path, monkeypatch, capsys):
    """Types a command on a set of six questions over the small corpus; (exit status, stdout, stderr)."""

    def evidence(document: str, words: str) -> tuple[Evidence, ...]:
        start = small.store.document_by_id(document).text.index(words)
        return (Evidence(document, ((start, start + len(words)),)),)

    asked = collection(
        docs,
        Question("q1", "dev", "fact", "en", "When was the harbour of Lund opened?", ("1871",),
                 evidence("harbour.txt", "The harbour of Lund was opened in 1871")),
        Question("q2", "dev", "fact", "en", "What did the bridge cost?", ("$3.2 million",),
                 evidence("news/bridge.md", "The bridge cost $3.2 million.")),
        Question("q3", "dev", "unanswerable", "en", "Who is the emperor of Zermatt?"),
        Question("q4", "test", "fact", "en", "How many piers has the harbour?", ("14", "14 piers"),
                 evidence("harbour.txt", "It has 14 piers.")),
        Question("q5", "test", "smalltalk", "en", "hello"),
        Question("q6", "test", "fact", "es", "¿Cuánto costó el puente?", ("$3.2 million",),
                 evidence("news/bridge.md", "The bridge cost $3.2 million.")),
    )  # fmt: skip
    monkeypatch.setattr(commands, "seed_collection", lambda: asked)
    for module in (commands, run):
        monkeypatch.setattr(module, "open_system", lambda *_: small)
    monkeypatch.setattr(gate, "BASELINE", tmp_path / "results" / "baseline.json")
    monkeypatch.setattr(ablation, "systems", lambda: {"as shipped": System(), "BM25 alone": System(fusion="sparse")})
    monkeypatch.setenv("QUOTH_INDEX", str(tmp_path / "state" / "index"))

    def type_(*words: str, out: bool = True) -> tuple[int, str, str]:
        status = main(["eval", *(["--out", str(tmp_path / "out")] if out else []), *words])
        written = capsys.readouterr()
        return status, written.out, written.err

    return type_
