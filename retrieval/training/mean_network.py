"""Trained networks -> one whose weights are their mean, as good as asking all of them where they come of one ancestor.

    python -m retrieval.training.mean_network FOLDER FOLDER ... --to FOLDER

Source: Wortsman et al., "Model soups", ICML 2022.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from retrieval.training.network import load_network, mean_of, save_network


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args(argv)
    save_network(mean_of([load_network(folder) for folder in given.folders]), given.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
