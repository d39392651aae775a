"""PDF files for tests, drawn line by line with reportlab, so that every line break and height is known."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
LEFT, WIDTH, HEIGHT = 60.0, A4[0] - 120.0, A4[1]

BRIDGES = (
    "The bridge at Holm was opened in 1887 and carried the coast road for ninety years. Its four arches stand on "
    "piers of grey granite, and the deck is eleven metres wide. In the winter of 1962 ice broke two of the piers. "
    "Workers from the shipyard repaired them in eight weeks, and the road was closed to lorries until the summer."
)
FERRIES = (
    "A ferry crossed the sound every hour before the bridge was built. It took thirty people and one cart. The "
    "ferryman lived in the white house at the landing, and travellers rang a bell to call him. When the bridge was "
    "opened, the town gave him a pension and the bell, which now hangs in the school."
)
TOLLS = (
    "Tolls paid for the bridge until 1921. A cart cost two shillings and a person on foot one penny. The keeper "
    "wrote every crossing into a book, and the books are in the county archive. They show that more people crossed "
    "on market days than in the rest of the week."
)


class Drawing:
    """A PDF file in the making; heights are points below the top of the page, at a line's baseline."""

    def __init__(self, size: tuple[float, float] = A4, encryption: StandardEncryption | None = None) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=size, encrypt=encryption, invariant=1)
        self.height = size[1]

    def line(self, x: float, y: float, text: str, size: float = 10, font: str = PLAIN) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - y, text)

    def right(self, x: float, y: float, text: str, size: float = 10, font: str = PLAIN) -> None:
        """A line that ends at x."""
        self.line(x - stringWidth(text, font, size), y, text, size, font)

    def lines(self, x: float, y: float, lines: Sequence[str], size: float = 10, font: str = PLAIN) -> float:
        """The lines below one another; the height of the line after them."""
        for text in lines:
            self.line(x, y, text, size, font)
            y += 1.2 * size
        return y

    def wrapped(
        self, x: float, y: float, text: str, width: float = WIDTH, size: float = 10, font: str = PLAIN
    ) -> float:
        """The text in lines of this width; the height of the line after them."""
        return self.lines(x, y, simpleSplit(text, font, size, width), size, font)

    def marked(self, x: float, y: float, parts: Sequence[tuple[str, bool]], size: float = 10) -> None:
        """One line of parts, those with True raised and small, as marks of footnotes are."""
        text = self.canvas.beginText(x, self.height - y)
        for part, is_raised in parts:
            text.setRise(0.35 * size if is_raised else 0)
            text.setFont(PLAIN, 0.6 * size if is_raised else size)
            text.textOut(part)
        text.setRise(0)
        self.canvas.drawText(text)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def picture(self, x: float, y: float, width: float, height: float) -> None:
        """A grey picture whose top is at y."""
        from PIL import Image

        image = ImageReader(Image.new("L", (8, 8), 128))
        self.canvas.drawImage(image, x, self.height - y - height, width, height)

    def grid(
        self, x: float, y: float, rows: Sequence[Sequence[str]], widths: Sequence[float], step: float = 18
    ) -> float:
        """A table whose cells are framed; the height of its foot."""
        foot, right = y + step * len(rows), x + sum(widths)
        for number in range(len(rows) + 1):
            self.rule(x, y + number * step, right, y + number * step)
        for number in range(len(widths) + 1):
            at = x + sum(widths[:number])
            self.rule(at, y, at, foot)
        for number, row in enumerate(rows):
            self.cells(x + 4, y + number * step + 12, row, widths)
        return foot

    def cells(self, x: float, y: float, row: Sequence[str], widths: Sequence[float], font: str = PLAIN) -> None:
        """A row of cells that begin at the left edges of the columns."""
        for cell, at in zip(row, (sum(widths[:number]) for number in range(len(widths))), strict=True):
            if cell:
                self.line(x + at, y, cell, font=font)

    def page(self) -> None:
        """End the page."""
        self.canvas.showPage()

    def file(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()


def running_text(pages: int, paragraphs: int = 9) -> bytes:
    """Pages of plain paragraphs with a running head and page numbers."""
    drawing = Drawing()
    for number in range(pages):
        drawing.line(LEFT, 30, "The bridges of Holm", 8)
        y = 72.0
        for text in ((BRIDGES, FERRIES, TOLLS) * 3)[:paragraphs]:
            y = drawing.wrapped(LEFT, y, f"{number + 1}00 years on. {text}") + 6
        drawing.right(LEFT + WIDTH, HEIGHT - 30, str(number + 1), 8)
        drawing.page()
    return drawing.file()


def columns(count: int, *, gutter: float = 18, heading: str = "A heading across all columns") -> bytes:
    """A heading across, then the three texts in columns of equal width, drawn one after the other."""
    drawing = Drawing()
    drawing.line(LEFT, 60, heading, 18, BOLD)
    width = (WIDTH - gutter * (count - 1)) / count
    for number, text in zip(range(count), (BRIDGES, FERRIES, TOLLS), strict=False):
        drawing.wrapped(LEFT + number * (width + gutter), 90, text, width)
    drawing.page()
    return drawing.file()


def report() -> bytes:
    """Four pages with a running head, page numbers, and on the first two everything else that a report may have."""
    drawing = Drawing()
    _report_front(drawing)
    _report_tables(drawing)
    for number in (3, 4):
        _furniture(drawing, number)
        drawing.wrapped(LEFT, 72, TOLLS)
        drawing.page()
    return drawing.file()


def _furniture(drawing: Drawing, number: int) -> None:
    drawing.line(LEFT, 30, "County of Holm", 8)
    drawing.right(LEFT + WIDTH, HEIGHT - 30, f"Page {number} of 4", 8)


def _report_front(drawing: Drawing) -> None:
    _furniture(drawing, 1)
    drawing.line(LEFT, 80, "The bridges of Holm", 20, BOLD)
    drawing.line(LEFT, 110, "1 The old bridge", 14, BOLD)
    y = drawing.wrapped(LEFT, 135, BRIDGES) + 10
    drawing.marked(LEFT, y, [("The deck has 480 m", False), ("2", True), (" of planks.", False), ("1", True)])
    drawing.line(LEFT, y + 24, "Tools", 10, BOLD)
    drawing.line(LEFT, y + 38, "Bring these tools:")
    y += 56
    for x, sign, text in ((10, "•", "a hammer"), (10, "•", "nails:"), (30, "–", "long ones"), (30, "–", "short ones")):
        drawing.line(LEFT + x, y, sign)
        drawing.line(LEFT + x + 12, y, text)
        y += 14
    drawing.lines(LEFT, y + 14, ["1. Lift the plank.", "2. Draw the nails.", "3. Put the plank back."])
    drawing.picture(LEFT, y + 60, 200, 80)
    drawing.line(LEFT, y + 155, "Figure 1: The bridge from the west", 9)
    drawing.lines(
        LEFT, 730, ["In the spring of 1963 the county bought a new crane, and with it the workers lifted the arch"]
    )
    drawing.marked(LEFT, 770, [("1", True), (" Measured in 1960.", False)], 8)
    drawing.page()


def _report_tables(drawing: Drawing) -> None:
    _furniture(drawing, 2)
    drawing.line(LEFT, 72, "back onto its piers.")
    drawing.line(LEFT, 100, "2 Parts and visitors", 14, BOLD)
    drawing.line(LEFT, 124, "Table 1. Parts in store", 10)
    parts = [("Part", "Weight", "Price"), ("Beam", "120 kg", "14.50"), ("Bolt", "", "0.20")]
    drawing.grid(LEFT, 132, parts, (120, 80, 80))
    drawing.wrapped(LEFT, 220, FERRIES)
    drawing.cells(LEFT, 290, ("Year", "Carts", "Walkers"), (80, 80, 80), BOLD)
    y = 304.0
    for row in (("1890", "120", "4,000"), ("1900", "340", "5,100"), ("1910", "410", "6,050")):
        drawing.cells(LEFT, y, row, (80, 80, 80))
        y += 14
    drawing.page()
