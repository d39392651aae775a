"""What of a web page is its text: navigation and other furniture around it are marked as left out.

Only structure counts (elements, roles, links and where they stand), never the words of a page. Where in doubt, text
stays: a list of links inside text is text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.documents.html.inline import line_of
from retrieval.documents.html.tables import is_data_table
from retrieval.documents.html.tree import HEADINGS, LISTS, Node

_NAVIGATION_ROLES = frozenset("navigation search menu menubar toolbar dialog alertdialog doc-toc doc-pagelist".split())
_NOT_PRINTED = frozenset("noprint no-print d-print-none mw-editsection mw-jump-link".split())
_OF_CONTENT = frozenset("main article section".split())
_MENU_TAGS = LISTS | frozenset("div section aside td p dl center table tbody tr form span font".split())

# All guesses, tested on the pages of tests/retrieval/documents/made_pages.py.
_LEAST_SHARE = 5  # less than one part in so many of the page's text: the main text was not found
_MENU_LINKS = 3
_MENU_LINKS_PER_TEXT = 2  # characters in links for each other one
_MENU_TEXT_CHARS = 200  # of text that is no link
_MENU_LABEL_CHARS = 40  # on average
_OWN_TEXT_CHARS = 40  # text in a block's own paragraphs, which makes lists below them part of the text
_TEXT_AFTER_CHARS = 80  # more than a line at the foot of a page


@dataclass(slots=True)
class _Size:
    """How many letters of a node's text are in links, in headings, and in neither; and its number of links."""

    plain: int = 0
    linked: int = 0
    titles: int = 0
    links: int = 0

    def add(self, other: _Size) -> None:
        self.plain += other.plain
        self.linked += other.linked
        self.titles += other.titles
        self.links += other.links


def main_text(body: Node, site: str | None) -> list[Node]:
    """The nodes that hold the page's text, in reading order; furniture in them is marked as left out.

    `site` is the site's name where the page states it: a first heading of that name is not the document's.
    """
    sizes = _sizes(body)
    whole = sizes[body]
    marked = list(_furniture(body, sizes, site))
    _mark(marked, True)
    sizes = _sizes(body) if marked else sizes
    main = _main(body, sizes)
    if _is_too_little(sizes[main], whole):
        _mark(marked, False)
        return [body]
    if main is body or main.find("h1"):
        return [main]
    heading = next((node for node in body.walk() if node.tag == "h1" and not _is_site_name(node, site)), None)
    return [heading, main] if heading else [main]


def _is_too_little(main: _Size, whole: _Size) -> bool:
    """Whether the main text was not found: text in links counts only on pages that hold little else."""
    if main.plain * _LEAST_SHARE < whole.plain or main == _Size():
        return True
    return main.plain < _OWN_TEXT_CHARS and (main.plain + main.linked) * _LEAST_SHARE < whole.plain + whole.linked


def _mark(nodes: Iterable[Node], is_left_out: bool) -> None:
    for node in nodes:
        node.is_left_out = is_left_out


def _sizes(root: Node) -> dict[Node, _Size]:
    """The size of each node that is not left out."""
    nodes = list(root.walk())
    sizes = {node: _Size() for node in nodes}
    kinds: dict[Node, str] = {}
    for node in nodes:
        size = sizes[node]
        kind = kinds.get(node.parent, "plain") if node.parent else "plain"
        if node.tag == "a" and "href" in node.attributes:
            kind = "linked"
            size.links = 1
        elif node.tag in HEADINGS:
            kind = "titles"
        kinds[node] = kind
        letters = sum(sum(map(str.isalnum, text)) for text in node.children if isinstance(text, str))
        setattr(size, kind, letters)
    for node in reversed(nodes):
        if node.parent in sizes and node is not root:
            sizes[node.parent].add(sizes[node])
    return sizes


def _main(body: Node, sizes: dict[Node, _Size]) -> Node:
    """The <main> or the only <article> that holds most of the text, else the body."""
    mains = [node for node in sizes if node.tag == "main" or "main" in node.words("role")]
    articles = [
        node
        for node in sizes
        if node.tag == "article" and not any(above.tag == "article" for above in node.ancestors())
    ]
    for candidates in (mains, articles if len(articles) == 1 else []):
        best = max(candidates, key=lambda node: sizes[node].plain, default=None)
        if best and sizes[best].plain * 2 >= sizes[body].plain:
            return best
    return body


def _furniture(body: Node, sizes: dict[Node, _Size], site: str | None) -> Iterator[Node]:
    """Navigation anywhere; headers, footers and menus that are the page's own, not an article's."""
    headings = sum(node.tag == "h1" for node in sizes)
    waiting = [body]
    while waiting:
        node = waiting.pop()
        children = [child for child in node.elements if child in sizes]
        menus = set(_menus(children, sizes)) if node.tag not in LISTS else set()
        for child in children:
            if _is_navigation(child, sizes[child]) or child in menus or _is_page_end(child, site, headings):
                yield child
            elif child.tag in _OF_CONTENT or "main" in child.words("role"):
                yield from _navigation_inside(child, sizes)
            elif child.is_container:
                waiting.append(child)


def _navigation_inside(content: Node, sizes: dict[Node, _Size]) -> Iterator[Node]:
    return (node for node in content.walk() if node is not content and _is_navigation(node, sizes[node]))


def _is_navigation(node: Node, size: _Size) -> bool:
    if node.tag == "aside" or "complementary" in node.words("role"):
        return _is_mostly_links(size)
    if node.tag == "dialog":
        return "open" not in node.attributes
    if not node.attributes and node.tag != "nav":
        return False
    is_navigation = (
        node.tag in ("nav", "search")
        or bool(_NAVIGATION_ROLES & node.words("role"))
        or bool(_NOT_PRINTED & node.words("class"))
        or "BreadcrumbList" in node.get("itemtype")
        or ("breadcrumb" in node.get("class").lower() and _is_mostly_links(size))
    )
    return is_navigation and not node.find("main", "article")


def _is_mostly_links(size: _Size) -> bool:
    return size.links > 0 and size.linked > size.plain


def _is_page_end(node: Node, site: str | None, headings: int) -> bool:
    """A header or footer of the page, but not a header with the only one of the page's `headings` of level 1."""
    roles = node.words("role")
    if node.tag == "footer" or "contentinfo" in roles:
        return not node.find("main", "article")
    if node.tag == "header" or "banner" in roles:
        return not node.find("main", "article") and not (headings == 1 and _has_own_heading(node, site))
    return node.tag == "h1" and _is_site_name(node, site)


def _has_own_heading(header: Node, site: str | None) -> bool:
    heading = header.find("h1")
    return heading is not None and not _is_site_name(heading, site)


def _is_site_name(heading: Node, site: str | None) -> bool:
    """Whether it is the site's stated name, or a link to the site's start page."""
    if site and line_of(heading).casefold() == site.casefold():
        return True
    link = heading.find("a") or next((above for above in heading.ancestors() if above.tag == "a"), None)
    if not link or "href" not in link.attributes:
        return False
    address = link.get("href").partition("://")[2] or link.get("href")
    path = address.partition("/")[2] if "://" in link.get("href") else address.strip("./")
    return path in ("", "index.html", "index.htm", "index.php")


def _menus(children: list[Node], sizes: dict[Node, _Size]) -> Iterator[Node]:
    """Children that hold little but short links and stand at an edge of the parent's text, or outside any.

    What stays: a list below a heading or paragraph of a block that has paragraphs of its own, and any other links
    between two texts.
    """
    own_text = sum(sizes[child].plain for child in children if not child.is_container)
    before, after = 0, sum(sizes[child].plain for child in children)
    is_below_something = False
    for child in children:
        size = sizes[child]
        after -= size.plain
        if child.tag in LISTS:
            is_text = own_text >= _OWN_TEXT_CHARS and is_below_something
        else:
            is_text = before > 0 and after >= (_TEXT_AFTER_CHARS if child.is_container else 1)
        if _is_menu(child, size) and not is_text:
            yield child
        else:
            before += size.plain
            is_below_something = is_below_something or bool(size.plain or size.titles)


def _is_menu(node: Node, size: _Size) -> bool:
    if node.tag not in _MENU_TAGS or size.links < _MENU_LINKS or size.plain > _MENU_TEXT_CHARS:
        return False
    if node.tag == "p" and size.plain:
        return False  # a sentence; a bar of links has only signs between them
    is_short = size.linked <= _MENU_LABEL_CHARS * size.links
    if not is_short or size.linked < _MENU_LINKS_PER_TEXT * size.plain:
        return False
    return not is_data_table(node) and not node.find("main", "article", "h1")
