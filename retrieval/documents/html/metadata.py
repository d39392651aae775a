"""What a web page states of itself in its head: title, date and publisher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.documents.dates import whole_date
from retrieval.documents.elements import Element, Metadata
from retrieval.documents.html.inline import line_of
from retrieval.documents.html.tree import Page

_DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "publication_date",
    "citation_publication_date",
)
"""Names of <meta> elements that state when a page was published, the most exact first."""
_ISO = re.compile(r"(\d{4})(?:[-/.]?(\d\d)(?:[-/.]?(\d\d))?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Head:
    """What a page states in its head, None where it does not; the title may hold the site's name."""

    title: str | None
    short_title: str | None
    site: str | None
    date: str | None


def read_head(page: Page) -> Head:
    """What the page states of itself: to be read before any part of the page is left out."""
    stated = _stated(page)
    title = page.root.find("title")
    return Head(
        title=(line_of(title) or None) if title else None,
        short_title=stated.get("og:title"),
        site=stated.get("og:site_name"),
        date=_date(page, stated),
    )


def metadata_of(head: Head, elements: Sequence[Element]) -> Metadata:
    """Title, date and publisher; `elements` are those of the page's text.

    The title is the page's highest heading where the <title> contains it: the rest of that is the site's name.
    """
    headings = [element for element in elements if element.kind == "heading"]
    highest = min(headings, key=lambda heading: heading.level, default=None)
    heading = " ".join(highest.reading.text.split()) if highest else ""
    title = head.short_title or _without_site(head.title, head.site)
    if heading and head.title and re.search(rf"(?<!\w){re.escape(heading)}(?!\w)", head.title, re.IGNORECASE):
        title = heading
    return Metadata(title=title, date=head.date, publisher=head.site)


def iso_date(text: str) -> str | None:
    """The date at the start of a text, as exact as it is stated: "2024-05-03T10:00Z" is 2024-05-03; else None."""
    found = _ISO.match(text.strip())
    if not found:
        return whole_date(text.strip())
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return "-".join(filter(None, found.groups()))


def _without_site(title: str | None, site: str | None) -> str | None:
    """The title without the site's name after or before it."""
    if not title or not site:
        return title
    name = re.escape(site)
    return re.sub(rf"\s+\W\s+{name}$|^{name}\s+\W\s+|:\s+{name}$|^{name}:\s+", "", title, flags=re.IGNORECASE) or title


def _stated(page: Page) -> dict[str, str]:
    """The contents of the page's <meta> elements by their names in lower case, the first of each name."""
    found: dict[str, str] = {}
    for node in page.root.walk():
        if node.tag == "meta" and node.get("content"):
            for name in ("property", "name", "itemprop"):
                if node.get(name):
                    found.setdefault(node.get(name).lower(), " ".join(node.get("content").split()))
    return found


def _date(page: Page, stated: dict[str, str]) -> str | None:
    candidates = [stated[name] for name in _DATES if name in stated]
    candidates += (date for script in page.linked_data for date in _linked_dates(script))
    candidates += (
        node.get("datetime")
        for node in page.root.walk()
        if node.tag == "time" and ("pubdate" in node.attributes or node.get("itemprop").lower() == "datepublished")
    )
    return next(filter(None, map(iso_date, candidates)), None)


def _linked_dates(script: str) -> Iterator[str]:
    """The values of datePublished of the page's own things: comments and other parts have dates too."""
    try:
        things = json.loads(script)
    except (ValueError, RecursionError):
        return
    things = things if isinstance(things, list) else [things]
    for thing in things:
        graph = thing.get("@graph") if isinstance(thing, dict) else None
        for part in [thing, *(graph if isinstance(graph, list) else [])]:
            if isinstance(part, dict) and isinstance(part.get("datePublished"), str):
                yield part["datePublished"]
