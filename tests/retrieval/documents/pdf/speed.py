"""Prints how fast PDF pages are read and shown: `python -m tests.retrieval.documents.pdf.speed`.

The pages are those of `running_text`: nine paragraphs, 2,800 characters. Processor time of one core.
"""

from __future__ import annotations

import time

from retrieval.documents.elements import ReadOptions
from retrieval.documents.pdf import read
from retrieval.documents.pdf.page_image import page_image
from tests.retrieval.documents.pdf.made_pdf import running_text

_PAGES = 200


def main() -> None:
    raw = running_text(_PAGES)
    begin = time.process_time()
    extraction = read(raw, ReadOptions())
    read_s = time.process_time() - begin
    print(f"{_PAGES} pages, {len(extraction.text):,} characters: {_PAGES / read_s:.0f} pages/s")
    start = extraction.places[-2].start
    begin = time.process_time()
    page_image(raw, extraction.text, [(start, start + 300)], extraction.places)
    print(f"a picture of page {_PAGES - 1}: {1000 * (time.process_time() - begin):.0f} ms")


if __name__ == "__main__":
    main()
