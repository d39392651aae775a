"""PowerPoint files (.pptx): each slide's title, text, tables, charts and notes, in the order they are read in.

python-pptx knows the slides, the notes, and where a placeholder inherits its position from; the text is read from its
XML. Its parser resolves no entities. Dates, footers and slide numbers, which repeat, are left out.

    file -> slides -> shapes in reading order -> text with its bullets, tables, charts -> Extraction
"""

from __future__ import annotations

from dataclasses import replace

import pptx
from pptx.presentation import Presentation
from pptx.slide import Slide

from retrieval.documents.disguise import DAMAGED
from retrieval.documents.elements import Extraction, ExtractionBuilder, Limits, Metadata, ReadOptions
from retrieval.documents.office.charts import paragraph_text
from retrieval.documents.office.powerpoint.shapes import ShapeWriter
from retrieval.documents.office.powerpoint.text import A
from retrieval.documents.office.xml import core_properties
from retrieval.documents.packed import Package
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The text of a PowerPoint file. Raises DocumentError."""
    package = Package(raw, options.limits)
    if not any(name.startswith("ppt/") for name in package.names):
        raise DocumentError("it is not a PowerPoint file, whatever its name says; rename it as its kind is named")
    metadata = _properties(package)
    builder = ExtractionBuilder()
    try:
        deck = pptx.Presentation(package.repacked(lambda name: name.endswith((".xml", ".rels"))))
        _add_slides(deck, options.limits, builder)
    except DocumentError:
        raise
    except Exception as error:  # python-pptx trusts its XML, and fails in many ways where that is broken
        raise DocumentError(DAMAGED) from error
    return builder.extraction(metadata)


def _properties(package: Package) -> Metadata:
    """What the file says of itself, without the title that PowerPoint gives to every file, in whatever language."""
    stated = core_properties(package)
    is_default = stated.title is not None and "PowerPoint" in stated.title and len(stated.title.split()) <= 3
    return replace(stated, title=None) if is_default else stated


def _add_slides(deck: Presentation, limits: Limits, builder: ExtractionBuilder) -> None:
    if len(deck.slides) > limits.pages:
        raise DocumentError(f"it has more than {limits.pages} slides; raise the limit with --max-pages")
    writer = ShapeWriter(builder, deck.slide_height or 0)
    for number, slide in enumerate(deck.slides, 1):
        builder.begin_place("slide", str(number))
        _unwrap_alternatives(slide)
        writer.add(slide.shapes)
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        for paragraph in notes._txBody.iter(f"{A}p") if notes is not None else ():
            builder.add("paragraph", visible_line(paragraph_text(paragraph)))


def _unwrap_alternatives(slide: Slide) -> None:
    """Put the first of alternative shapes, which newer PowerPoints show, where python-pptx finds it."""
    for alternatives in list(slide.element.iter(f"{_MC}AlternateContent")):
        parent, first = alternatives.getparent(), next(iter(alternatives), None)
        for shape in list(first) if first is not None else ():
            alternatives.addprevious(shape)
        parent.remove(alternatives)
