"""PDF files: text in reading order, and pictures of pages with a quotation highlighted.

pdfium.py (words and rules of a page) -> pieces.py (words joined on their baseline) -> furniture.py (running heads) ->
bands.py, layout.py and tables.py (columns, tables) -> paragraphs.py -> labels.py (lettering of charts) -> flow.py (the
document's elements) -> reader.py. The picture of a page is page_image.py. Only pdfium.py knows the library.
"""

from retrieval.documents.pdf.reader import read

__all__ = ["read"]
