"""Trained networks -> one network with their mean weights, as good as an ensemble if all began as the same network.

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
    parser.add_argument("folders", type=Path, nargs="+", help="folders of trained networks of one size")
    parser.add_argument("--to", type=Path, required=True, help="the folder to write")
    given = parser.parse_args(argv)
    save_network(mean_of([load_network(folder) for folder in given.folders]), given.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
