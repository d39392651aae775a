"""`quoth` with a network that was told the scenarios' answers, so that no trained weights decide what the bot says."""

from __future__ import annotations

import sys

import retrieval.library
from bot.cli import main
from retrieval.answer.reader import Reader
from tests.conftest import SPAN_ALONE, AskedNetwork

KNOWN = {
    "who opened": {"Queen Astrid": 3.0},
    "harbour opened": {"1871": 3.0, "1868": 2.5},
    "piers": {"14": -1.0},
    "miller": {"Anders Holm": 3.0},
    "mill burn": {"1998": 3.0},
    "bridge long": {"840 metres": 3.0},
    "bridge cost": {"$3.2 million": 3.0},
    "white lighthouse": {"1911": 3.0},
    "lighthouse": {"1904": 3.0},
    "ferry": {"thirty people": 3.0},
}

if __name__ == "__main__":
    reader = Reader(AskedNetwork(KNOWN), SPAN_ALONE)
    retrieval.library.load_reader = lambda: reader
    sys.exit(main())
