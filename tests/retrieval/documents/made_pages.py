# ruff: noqa: E501  the pages have long lines, as web pages do
"""Web pages of ten kinds, each with phrases of its main text and of what stands around it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MadePage:
    """`text` are phrases that a reader of the page came for, `around` those of menus, footers and the like."""

    name: str
    html: str
    text: tuple[str, ...]
    around: tuple[str, ...]


BLOG = MadePage(
    "blog post",
    """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Keeping bees in a small garden | Tin Roof</title>
<meta property="og:site_name" content="Tin Roof"><meta property="article:published_time" content="2023-04-09T08:00:00Z">
<style>p{margin:0}</style><script>var a = "<p>Tracking text</p>";</script></head><body>
<a class="skip" href="#main">Skip to content</a>
<header><h1><a href="/">Tin Roof</a></h1><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About me</a></li>
<li><a href="/tags">All tags</a></li></ul></nav></header>
<main id="main"><article><header><h2>Keeping bees in a small garden</h2><p>By Ada Quill, 9 April 2023</p></header>
<p>A colony needs about two square metres of quiet ground, and a fence that makes the bees fly upward.</p>
<p>I started with <a href="/hive">one hive</a> and a second-hand smoker. These are the tools I would buy again:</p>
<ul><li><a href="/t1">A long hive tool</a></li><li><a href="/t2">A bee brush</a></li><li><a href="/t3">A veil</a></li></ul>
<blockquote><p>A swarm in May is worth a load of hay.</p></blockquote>
<figure><img src="h.jpg" alt="The hive in May, its entrance facing the hedge"><figcaption>My first hive.</figcaption>
</figure><footer><p>Filed under beekeeping.</p></footer></article></main>
<aside><h3>Recent posts</h3><ul><li><a href="/a">Sharpening a scythe</a></li><li><a href="/b">Rain barrels</a></li></ul>
</aside><div role="dialog" aria-label="Cookies"><p>We use cookies to improve your visit.</p><button>Accept</button></div>
<footer><p>© 2023 Tin Roof. Powered by a goat.</p></footer></body></html>""",
    (
        "Keeping bees in a small garden",
        "By Ada Quill, 9 April 2023",
        "A colony needs about two square metres of quiet ground",
        "I started with one hive and a second-hand smoker.",
        "A long hive tool",
        "A bee brush",
        "A swarm in May is worth a load of hay.",
        "My first hive.",
        "Filed under beekeeping.",
    ),
    (
        "Skip to content",
        "Home",
        "About me",
        "All tags",
        "Recent posts",
        "Sharpening a scythe",
        "Rain barrels",
        "We use cookies",
        "Accept",
        "Powered by a goat",
        "Tracking text",
    ),
)
DOCUMENTATION = MadePage(
    "documentation with a side bar",
    """<html><head><title>Configuration — Larch 2.1 documentation</title></head><body>
<div class="related"><h3>Navigation</h3><ul><li><a href="genindex.html">index</a></li><li><a href="next.html">next</a> |</li>
<li><a href="prev.html">previous</a> |</li><li><a href="index.html">Larch 2.1 documentation</a> »</li></ul></div>
<div class="document"><div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main">
<section id="configuration"><h1>Configuration<a class="headerlink" href="#configuration">¶</a></h1>
<p>Larch reads <code>larch.toml</code> from the working folder.</p>
<section id="options"><h2>Options<a class="headerlink" href="#options">¶</a></h2>
<dl><dt id="cmdoption-depth"><code>--depth N</code><a class="headerlink" href="#cmdoption-depth">¶</a></dt>
<dd><p>How deep folders are read. The default is 12.</p></dd></dl>
<div class="highlight"><pre><span></span>[read]
depth = 12
follow_links = false
</pre></div>
<div class="admonition note"><p class="admonition-title">Note</p><p>Links are never followed on a network drive.</p></div>
</section></section></div></div></div>
<div class="sphinxsidebar" role="navigation"><h3>Table of Contents</h3><ul><li><a href="#">Configuration</a><ul>
<li><a href="#options">Options in detail</a></li></ul></li></ul><h3>This Page</h3><ul><li><a href="s.txt">Show Source</a></li></ul>
<form><input name="q"><input type="submit" value="Go"></form></div></div>
<div class="footer">© Copyright 2024, Larch authors. Created using a generator.</div></body></html>""",
    (
        "Configuration",
        "Larch reads larch.toml from the working folder.",
        "Options",
        "--depth N",
        "How deep folders are read. The default is 12.",
        "depth = 12",
        "Note",
        "Links are never followed on a network drive.",
    ),
    (
        "Navigation",
        "index",
        "previous",
        "Table of Contents",
        "Options in detail",
        "Show Source",
        "Created using a generator",
        "¶",
    ),
)
FORUM = MadePage(
    "forum thread",
    """<html><head><title>Pump whines at low speed - Well Water Forum</title></head><body>
<div id="top"><div id="logo"><a href="/"><img src="l.png" alt="Well Water Forum"></a></div>
<ul id="menu"><li><a href="/faq">FAQ</a></li><li><a href="/members">Members</a></li><li><a href="/login">Log in</a></li></ul></div>
<div class="breadcrumbs"><a href="/">Board index</a> › <a href="/pumps">Pumps</a> › <a href="/pumps/sub">Submersible</a></div>
<h2 class="topic-title"><a href="/t/77">Pump whines at low speed</a></h2>
<div id="p1" class="post"><div class="author"><a href="/u/1">kestrel</a><br>Posts: 31</div>
<div class="content">My pump whines when the pressure falls below 2 bar.<br><br>The filter is new. What should I check first?</div></div>
<div id="p2" class="post"><div class="author"><a href="/u/2">old_moss</a><br>Posts: 2044</div>
<div class="content"><blockquote>What should I check first?</blockquote>Check the check valve. Mine whined for a year before it stuck.
<br>A new one costs 40 dollars.</div><div class="signature">Never trust a dry well.</div></div>
<div id="p3" class="post"><div class="author"><a href="/u/1">kestrel</a><br>Posts: 31</div>
<div class="content">That was it, thank you!</div></div>
<div class="pagination"><a href="?p=1">1</a> <a href="?p=2">2</a> <a href="?p=3">3</a> <a href="?p=2">Next</a></div>
<div id="foot"><a href="/">Board index</a> | <a href="/team">The team</a> | <a href="/cookies">Delete cookies</a></div>
</body></html>""",
    (
        "Pump whines at low speed",
        "My pump whines when the pressure falls below 2 bar.",
        "The filter is new. What should I check first?",
        "old_moss",
        "Check the check valve. Mine whined for a year before it stuck.",
        "A new one costs 40 dollars.",
        "Never trust a dry well.",
        "That was it, thank you!",
    ),
    ("FAQ", "Members", "Log in", "Board index", "Submersible", "Next", "The team", "Delete cookies"),
)
NEWS = MadePage(
    "news page",
    """<html><head><title>Ferry line reopens after nine years - The Harbour Post</title>
<meta property="og:site_name" content="The Harbour Post"><script type="application/ld+json">{"@context":"https://schema.org",
"@graph":[{"@type":"WebPage"},{"@type":"NewsArticle","datePublished":"2021-11-03T06:30:00+01:00"}]}</script></head><body>
<div class="topbar"><a href="/sub">Subscribe</a><a href="/login">Sign in</a></div>
<header role="banner"><a href="/">The Harbour Post</a><nav><a href="/news">News</a><a href="/sport">Sport</a></nav></header>
<div class="layout"><div class="col-main"><article><h1>Ferry line reopens after nine years</h1>
<p class="lead">The line between Odda and Kvam carried its first passengers on Wednesday.</p>
<p>Nine hundred people crossed the fjord on the first day, the operator said.</p>
<aside class="factbox"><h2>The line in figures</h2><ul><li>Length: 14 kilometres</li><li>Crossing: 35 minutes</li></ul></aside>
<aside class="related"><h2>Read also</h2><ul><li><a href="/n/1">Bridge plans shelved</a></li>
<li><a href="/n/2">Harbour dues rise</a></li></ul></aside>
<p>A single ticket costs 90 kroner; children under six travel free.</p></article></div>
<div class="col-side"><h3>Most read</h3><ol><li><a href="/m/1">Fog closes the airport</a></li>
<li><a href="/m/2">New chef at the Lantern</a></li><li><a href="/m/3">Cod prices at a record</a></li></ol></div></div>
<footer><ul><li><a href="/contact">Contact us</a></li><li><a href="/ads">Advertise</a></li></ul></footer></body></html>""",
    (
        "Ferry line reopens after nine years",
        "The line between Odda and Kvam carried its first passengers on Wednesday.",
        "Nine hundred people crossed the fjord",
        "Length: 14 kilometres",
        "A single ticket costs 90 kroner; children under six travel free.",
    ),
    (
        "Subscribe",
        "Sign in",
        "Sport",
        "Read also",
        "Bridge plans shelved",
        "Most read",
        "Fog closes",
        "Contact us",
        "Advertise",
    ),
)
TABLES = MadePage(
    "table page",
    """<html><head><title>Opening hours of the pools</title></head><body><div id="nav"><a href="/">Start</a>
<a href="/pools">Pools</a> <a href="/saunas">Saunas</a> <a href="/prices">Prices</a></div>
<h1>Opening hours of the pools</h1><p>The hours hold from 1 May to 30 September.</p>
<table border="1"><tr><th>Pool</th><th>Monday</th><th>Saturday</th></tr>
<tr><td><a href="/p/1">North pool</a></td><td>7 to 21</td><td>9 to 18</td></tr>
<tr><td><a href="/p/2">River bath</a></td><td colspan="2">closed for repairs</td></tr>
<tr><td><a href="/p/3">Lido</a></td><td>10 to 19</td><td>10 to 20</td></tr></table>
<table><tr><td><b>Ticket</b></td><td><b>Price</b></td></tr><tr><td>Adult</td><td>5.50</td></tr><tr><td>Child</td><td>3.00</td></tr>
</table><p>Dogs are not allowed in any pool.</p><p><a href="/imprint">Imprint</a> | <a href="/privacy">Privacy</a> |
<a href="/sitemap">Site map</a></p></body></html>""",
    (
        "Opening hours of the pools",
        "The hours hold from 1 May to 30 September.",
        "Pool | Monday | Saturday",
        "North pool | 7 to 21 | 9 to 18",
        "River bath | closed for repairs | closed for repairs",
        "Ticket | Price",
        "Adult | 5.50",
        "Dogs are not allowed in any pool.",
    ),
    ("Start", "Saunas", "Imprint", "Privacy", "Site map"),
)
NINETIES = MadePage(
    "page of the 1990s",
    """<HTML><HEAD><TITLE>Walter's Lighthouse Page</TITLE></HEAD><BODY BGCOLOR="#FFFFFF"><CENTER><FONT SIZE=6>Walter's Lighthouse
Page</FONT></CENTER><HR><TABLE WIDTH=100%><TR><TD WIDTH=140 VALIGN=TOP><A HREF="index.htm">Home</A><BR><A HREF="photos.htm">Photos</A>
<BR><A HREF="links.htm">Links</A><BR><A HREF="guest.htm">Sign my guestbook</A></TD><TD>
<FONT FACE="Arial">The light at Skerry Point was first lit in 1847.<BR><BR>It burned <B>whale oil</B> until 1872, then paraffin.
<BR><BR>The keeper's log is kept at<BR>Skerry Museum<BR>2 Quay Street<P>The tower is 31 metres high
<P>Visitors are welcome on Sundays</FONT></TD></TR></TABLE><CENTER><A HREF="prev.htm">&lt;&lt; Prev</A> |
<A HREF="ring.htm">Webring</A> | <A HREF="next.htm">Next &gt;&gt;</A></CENTER></BODY></HTML>""",
    (
        "Walter's Lighthouse Page",
        "The light at Skerry Point was first lit in 1847.",
        "It burned whale oil until 1872, then paraffin.",
        "2 Quay Street",
        "The tower is 31 metres high",
        "Visitors are welcome on Sundays",
    ),
    ("Home", "Photos", "Sign my guestbook", "Webring"),
)
DIVS = MadePage(
    "nothing but divs",
    """<html><head><title>Return policy</title></head><body><div id="app"><div class="x1"><div class="x2"><div><a href="/">Shop</a></div>
<div><a href="/new">New in</a></div><div><a href="/sale">Sale</a></div><div><a href="/cart">Cart</a></div></div></div>
<div class="x3"><div class="x4"><div class="x5">Return policy</div><div class="x6">You can return any item within 30 days.</div>
<div class="x6">Shoes must be <span>unworn</span> and in their box. See <a href="/sizes">sizes</a> before you order.</div>
<div class="x6">Refunds reach your account in five working days.</div></div></div>
<div class="x7"><div>Customer care</div><div><a href="/help">Help</a></div><div><a href="/ship">Shipping</a></div>
<div><a href="/jobs">Jobs</a></div></div><div style="display: none">Newsletter pop-up</div></div></body></html>""",
    (
        "You can return any item within 30 days.",
        "Shoes must be unworn and in their box. See sizes before you order.",
        "Refunds reach your account in five working days.",
    ),
    ("New in", "Cart", "Customer care", "Jobs", "Newsletter pop-up"),
)
WIKI = MadePage(
    "wiki page",
    """<html><head><title>Lake Orm - Openpedia</title></head><body><div id="mw-page-base"></div><div id="content" role="main">
<h1 id="firstHeading">Lake Orm</h1><div id="siteSub" class="noprint">From Openpedia, the open encyclopedia</div>
<a class="mw-jump-link" href="#mw-head">Jump to navigation</a><div class="mw-parser-output">
<table class="infobox"><tr><th colspan="2">Lake Orm</th></tr><tr><td colspan="2"><img src="o.jpg" alt="view"></td></tr>
<tr><th>Area</th><td>12.4 km<sup>2</sup></td></tr><tr><th>Max. depth</th><td>61 m</td></tr></table>
<p><b>Lake Orm</b> is a lake in <a href="/w/Varn">Varn</a>.<sup class="reference"><a href="#cite_note-1">[1]</a></sup> It freezes
every winter.</p><div id="toc" class="toc" role="navigation"><h2>Contents</h2><ul><li><a href="#History">1 History</a></li></ul></div>
<h2><span class="mw-headline" id="History">History</span><span class="mw-editsection">[<a href="/e">edit</a>]</span></h2>
<p>The dam was built in 1931.<sup><a href="#cite_note-2">[2]</a></sup></p><h2><span id="See_also">See also</span></h2>
<ul><li><a href="/w/1">Lake Varn</a></li><li><a href="/w/2">List of lakes</a></li><li><a href="/w/3">Orm dam</a></li></ul>
<h2><span id="References">References</span></h2><ol><li id="cite_note-1"><a href="#cite_ref-1">^</a> Holm, A. <i>Lakes of Varn</i>.</li>
<li id="cite_note-2"><a href="#cite_ref-2">^</a> Varn County, annual report 1931.</li></ol></div>
<div class="navbox" role="navigation"><a href="/w/8">Lakes A–M</a> <a href="/w/9">Lakes N–Z</a></div></div>
<div id="mw-navigation"><h2>Navigation menu</h2><div role="navigation"><ul><li><a href="/r">Random page</a></li></ul></div></div>
<div id="footer" role="contentinfo"><ul><li>This page was last edited on 2 May 2024.</li></ul></div></body></html>""",
    (
        "Lake Orm is a lake in Varn. It freezes every winter.",
        "Area: 12.4 km²",
        "Max. depth: 61 m",
        "History",
        "The dam was built in 1931.",
        "List of lakes",
        "1. Holm, A. Lakes of Varn.",
        "2. Varn County, annual report 1931.",
    ),
    (
        "From Openpedia",
        "Jump to navigation",
        "Contents",
        "edit",
        "[1]",
        "Lakes A–M",
        "Navigation menu",
        "Random page",
        "last edited",
        "^",
    ),
)
SECTIONS = MadePage(
    "one page with sections and ids",
    """<html><head><title>Terms of hire</title></head><body><header><h1>Terms of hire</h1><p>In force from 1 March 2022.</p></header>
<nav><ol><li><a href="#booking">Booking</a></li><li><a href="#damage">Damage</a></li></ol></nav>
<section id="booking"><h2>Booking a boat</h2><ol><li>A boat is booked when the deposit is paid.</li>
<li>The deposit is <ul><li>50 euros for a rowing boat,</li><li>200 euros for a sailing boat.</li></ul></li></ol></section>
<section id="damage"><h2>Damage to a boat</h2><p>Report damage within an hour of landing.</p>
<details><summary>What counts as damage?</summary><p>Any scratch longer than a hand.</p></details></section>
<section><h2 id="contact">Contact</h2><address>Boathouse 4<br>Lake Road</address></section>
<footer><a href="/">Back to the boathouse</a></footer></body></html>""",
    (
        "Terms of hire",
        "In force from 1 March 2022.",
        "Booking a boat",
        "1. A boat is booked when the deposit is paid.",
        "200 euros for a sailing boat.",
        "Report damage within an hour of landing.",
        "What counts as damage?",
        "Any scratch longer than a hand.",
        "Lake Road",
    ),
    ("Back to the boathouse",),
)
HELP = MadePage(
    "help centre with accordions",
    """<html><head><title>Delivery questions | Parcelry</title><meta property="og:title" content="Delivery questions"></head><body>
<div class="hdr"><div class="logo"><a href="https://parcelry.example/">Parcelry</a></div><div class="menu"><a href="/send">Send</a>
<a href="/track">Track</a><a href="/shops">Parcel shops</a></div></div><div class="wrap"><div class="side"><ul>
<li><a href="/h/1">Sending</a></li><li><a href="/h/2">Paying</a></li><li><a href="/h/3">Receiving</a></li></ul></div><div class="cnt">
<h1>Delivery questions</h1><h3><button aria-expanded="false" aria-controls="a1">Can a neighbour take my parcel?</button></h3>
<div id="a1" hidden><p>Yes, unless you chose delivery by hand.</p></div>
<h3><button aria-expanded="false" aria-controls="a2">How long is a parcel kept?</button></h3>
<div id="a2" hidden><p>A parcel shop keeps it for ten days.</p></div><p>Was this page helpful? <button>Yes</button></p></div></div>
<div class="ftr"><a href="/terms">Terms</a><a href="/jobs">Careers</a><a href="/press">Press</a></div></body></html>""",
    (
        "Delivery questions",
        "Can a neighbour take my parcel?",
        "Yes, unless you chose delivery by hand.",
        "How long is a parcel kept?",
        "A parcel shop keeps it for ten days.",
    ),
    ("Track", "Parcel shops", "Sending", "Paying", "Careers", "Press"),
)
PAGES = (BLOG, DOCUMENTATION, FORUM, NEWS, TABLES, NINETIES, DIVS, WIKI, SECTIONS, HELP)
