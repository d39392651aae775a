"""How questions about the collection are worded in English; see wording."""

from __future__ import annotations

from retrieval.conversation.collection.forms import Form

LEAD = (
    r"(?:(?:hi|hello|hey|ok|okay|so|well|now|please|pls|thanks|great|and then) )*"
    r"(?:(?:(?:can|could|would|will|do) you(?= (?:please |pls )?(?!have|use|read|think|mean))|i want(?: you)? to"
    r"|i d like(?: you)? to|i would like(?: you)? to|i need to|can i|may i|could i) )?"
    r"(?:please |pls )?(?:(?:tell me|let me know|know|see) (?!(?:something |more |all |a bit )?about\b))?(?:again )?"
)
TAIL = (
    r"(?: (?:please|pls|thanks|thank you|for me|again|right now|now|exactly|briefly|in short"
    r"|in brief|quickly|then|today|lately))+$"
)

_DOCS = r"(?:source )?(?:documents|docs|files|sources|pdfs)"
_DOC = r"(?:document|doc|file|source|article)"
_OURS = r"(?:folder|collection|knowledge base|corpus|data set|dataset)"
"""What only the documents at hand are called; they may well be about a library, an archive or a database."""
_FOLDER = rf"(?:{_OURS}|library|archive|database|bot)"
_THE = (
    r"(?:the|your|my|our|these|those|all|all the|all your|all of the|all of your|all these"
    r"|all of these)"
)
HERE = (
    r"(?: (?:are |is )?(?:here|in here|there|in there|available|indexed|loaded|included|in total"
    r"|altogether|exist"
    rf"|in (?:the|this|your|our|my) {_FOLDER}|(?:do|can|could|did|may) (?:you|i|we) (?:have"
    r"|know about|know|use|read|search|see|cover|ask about)"
    r"|have you (?:got|read|seen|indexed)|have been (?:read|indexed|loaded)|you (?:have|know|use"
    r"|ve got)|you have (?:got|read|indexed)"
    r"|i can (?:ask|search|use)(?: about)?|there are|to search|so far|access to|information (?:on|about)))$"
)
_SHOW = r"(?:list|show|name|enumerate|display|give|see|print|sort|order|arrange|find|search for|look for)(?: me| us)?"
_ABOUT = r"(?:on|about|regarding|concerning|around)"
_NEWS = (
    r"(?:news|updates?|information|info|developments?|news items?|headlines|articles?|posts?"
    r"|announcements?|stories)"
)
_LATEST = r"(?:latest|newest|recent|most recent|new|fresh|current|last)"
_ANY = (
    r"(?:what is |what s |whats |what are |is there |are there |do you have |have you got "
    r"|show me |show |give me |list )?"
    r"(?:all )?(?:the |any |some |your )?"
)
_IN = (
    r"(?P<period>(?:(?:in|of|from|for|during|dated|since|after|before|until|up to|between"
    r"|prior to|as of)"
    r"(?: the year)? )(?:\S+ ){0,6}\S+)"
)
_SUM_UP = (
    r"(?:(?:summari[sz]e|sum up|recap|tldr|tl dr)(?: for me)?"
    r"|(?:what is |what s |give me |make |write |do )?(?:a |an |the )?(?:short |brief |quick )?"
    r"(?:summary|overview|recap|synopsis|gist)(?: of| on| about| for))"
)
_ALL = (
    rf"(?:everything|it all|all of (?:it|them)|(?:{_THE} )?{_DOCS}|(?:this|the|your) (?:whole "
    rf"|entire )?{_FOLDER}|all this)"
)
_ORDER = (
    r"(?: (?:(?P<oldest_first>(?:from )?(?:the )?(?:oldest|earliest)(?: ones?)?(?: first"
    r"| to (?:the )?(?:newest|latest)))"
    r"|(?:from )?(?:the )?(?:newest|latest|most recent)(?: ones?)?(?: first"
    r"| to (?:the )?(?:oldest|earliest))))?"
)

CUES: dict[Form, str] = {
    "contents": "ask question know answer tell talk topic subject theme info content material data",
    "documents": "doc file source pdf folder collection library archive database corpus set know this here "
    "there have got search find read look inside answers",
    "overview": "about say contain talk deal summar sum recap tldr tl synopsis gist overview",
    "about": "about content point idea gist essence",
    "named": "about say deal tell describe happen said written",
    "summary": "summar sum recap tldr tl overview synopsis gist",
    "topic": "about on regarding concerning around",
    "mentions": "document doc file source article mentioned discussed",
    "latest": "new latest recent update headline development",
    "news": "new latest recent update headline info development article post announcement stories",
    "published": "published written released reported announced",
    "newest": "newest latest recent youngest new fresh current last",
    "oldest": "oldest earliest",
    "by date": "date time age year order chronolog oldest newest when",
    "again": "and what how or no sorry actually i",
    "of period": "doc file source pdf article anything have there got",
}
"""One of these parts of words is in every question of the form, so that other questions are read quickly."""
PATTERNS: tuple[tuple[Form, str], ...] = (
    (
        "contents",
        r"what (?:can|could|should|may|do|shall) (?:i|we|one|people) ask(?: you| it"
        r"| this bot)?(?: about)?",
    ),
    (
        "contents",
        r"(?:what|which) (?:kinds? of |sorts? of |types? of )?(?:questions|things) (?:can|could|may"
        r"|should) (?:i ask|you answer|i put)"
        r"(?: you)?(?: about)?",
    ),
    ("contents", r"what (?:do|can|could) you (?:know|answer|tell me|tell us|talk)(?: about)?"),
    (
        "contents",
        r"(?:what|which) (?:topics|subjects|themes|information|info|content|contents|material|data)"
        r"(?: (?:do|can) you (?:cover|know|have|answer|offer)(?: about)?| (?:is|are) (?:covered|there)"
        r")?",
    ),
    (
        "overview",
        rf"(?:what (?:is|are|s|re)|whats) (?:this|all this|it all|everything|(?:{_THE} ){_DOCS}"
        rf"|(?:each|every|each of the) {_DOC}s?"
        rf"|(?:this|the|your) {_FOLDER}) (?:all )?about",
    ),
    ("overview", rf"what (?:do|does) (?:{_THE} )?{_DOCS} (?:say|contain|talk about|deal with)"),
    ("overview", rf"{_SUM_UP} {_ALL}"),
    ("overview", r"(?:give me |show me )?(?:an |a |the )?(?:short |brief |quick )?(?:overview|summary)(?: here)?"),
    ("documents", rf"(?:what|which) (?:(?:{_THE} )?{_DOCS}|(?:are|is) {_THE} {_DOCS})"),
    (
        "overview",
        rf"what (?:this|it all|everything|(?:{_THE} )?{_DOCS}|(?:this|the|your) {_FOLDER}) (?:is|are) (?:all )?about",
    ),
    ("documents", r"(?:what (?:is |s )?|whats )inside"),
    ("documents", rf"{_SHOW} (?:what|everything|all) (?:you have|there is|is there|you have got|is in here)"),
    ("documents", r"where (?:do (?:you get )?(?:your|the) answers (?:come )?from|do (?:your|the) answers come from)"),
    ("documents", rf"how (?:big|large) is (?:(?:this|your) {_FOLDER}|the {_OURS})"),
    ("contents", r"what (?:are you|can you be) (?:able to (?:answer|tell me)|asked)(?: about)?"),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:the )?(?:(?P<oldest_first>oldest|earliest)|newest|latest|most recent) {_DOCS} first",
    ),
    (
        "documents",
        rf"(?:{_SHOW} )?(?:(?:a |the |your )?(?:full |complete )?list of )?(?:{_THE} )?(?:available "
        rf"|indexed )?{_DOCS}",
    ),
    (
        "documents",
        rf"(?:what (?:is |s )?|whats )(?:there )?(?:in|inside) (?:here|there|this|(?:{_THE} ){_DOCS}"
        rf"|(?:this|the|your) {_FOLDER})",
    ),
    ("documents", r"what (?:do|have) you (?:have|got)(?: here| in here| in there)?"),
    ("documents", r"what (?:have you (?:read|indexed)|did you read|can (?:i|we|you) (?:search|find|read|look up))"),
    ("documents", rf"(?:how many|(?:the |what is the )?number of|count) (?:{_THE} )?{_DOCS}"),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:(?:a |the )?list of )?(?:{_THE} )?(?:{_DOCS}|{_NEWS}|everything) "
        r"(?:(?:sorted |ordered |listed |arranged )?by (?:date|time|age|year)|in (?:order of"
        rf"|the order of) (?:date|time|age)|in date order){_ORDER}",
    ),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:(?:a |the )?list of )?(?:{_THE} )?(?:{_DOCS}|{_NEWS})"
        r" (?P<oldest_first>in chronological order|chronologically)",
    ),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:{_THE} )?{_DOCS}(?= (?:from )?(?:the )?(?:oldest|earliest|newest|latest"
        rf"|most recent)){_ORDER}",
    ),
    (
        "by date",
        rf"(?:when (?:are|were) (?:{_THE} )?{_DOCS} (?:from|dated|written|published|made)"
        rf"|(?:what are )?the dates of (?:{_THE} )?{_DOCS}|(?:a |the )?(?P<oldest_first>timeline"
        rf"|chronology)(?: of (?:{_THE} )?{_DOCS})?)",
    ),
    ("newest", rf"{_ANY}(?:{_LATEST}|most recent|youngest) (?:{_DOCS}|(?P<one>{_DOC}))"),
    (
        "newest",
        rf"(?:which (?:of (?:{_THE} )?{_DOCS} )?|what )(?:is|are) (?:the )?(?:newest|latest"
        rf"|most recent|youngest)(?P<one> {_DOC}| one)",
    ),
    (
        "newest",
        rf"which (?:of (?:{_THE} )?{_DOCS} )?(?:is|are) (?:the )?(?P<one>newest|latest|most recent"
        r"|youngest)",
    ),
    (
        "newest",
        rf"(?:which|what) (?:{_DOCS}|(?P<one>{_DOC})) (?:is|are) (?:the )?(?:newest|latest|most recent"
        r"|youngest)",
    ),
    ("oldest", rf"{_ANY}(?:oldest|earliest) (?:{_DOCS}|(?P<one>{_DOC}))"),
    (
        "oldest",
        rf"(?:which (?:of (?:{_THE} )?{_DOCS} )?|what )(?:is|are) (?:the )?(?:oldest|earliest)"
        rf"(?P<one> {_DOC}| one)",
    ),
    ("oldest", rf"which (?:of (?:{_THE} )?{_DOCS} )?(?:is|are) (?:the )?(?P<one>oldest|earliest)"),
    ("oldest", rf"(?:which|what) (?:{_DOCS}|(?P<one>{_DOC})) (?:is|are) (?:the )?(?:oldest|earliest)"),
    (
        "news",
        rf"(?:{_ANY}|anything |is there anything |is anything |what else is )(?:new|the latest"
        r"|the news|latest|recent|the newest)"
        rf"(?: (?:this week|this month|these days|recently))?",
    ),
    (
        "news",
        rf"(?:{_ANY}|what |which |{_SUM_UP} (?:the |all the |all )?)(?:{_LATEST} )?(?:news|updates"
        rf"|headlines)(?: {_LATEST})?",
    ),
    ("news", rf"{_ANY}{_LATEST} {_NEWS}"),
    ("news", rf"{_SUM_UP} (?:the |all )?(?:{_LATEST} )?{_NEWS}"),
    (
        "news",
        rf"(?:{_ANY}|what |which |{_SUM_UP} (?:the |all the |all )?)(?:{_LATEST} )?{_NEWS}(?: (?:is"
        rf"|are) there| do you have)? {_IN}",
    ),
    (
        "news",
        r"(?:what is|what s|whats|what was|what were|anything|is there anything|something) (?:new"
        rf"|(?:in )?the news) {_IN}",
    ),
    ("news", rf"(?:{_ANY}|what |{_SUM_UP} (?:the )?)(?P<period>(?:\w+ ){{0,2}}\d{{4}}) (?:news|headlines)"),
    ("news", rf"(?:{_ANY})news (?P<period>(?:\w+ ){{0,2}}\d{{4}})"),
    (
        "of period",
        rf"(?:(?:what|which|{_SHOW}|are there|do you have) )?(?:(?:{_THE}|any) )?(?:{_DOCS}|{_DOC})"
        rf"(?: (?:are|is|were|was|do you have|are there))? {_IN}",
    ),
    (
        "of period",
        r"(?:anything|is there anything|do you have anything|what do you have|what is there"
        rf"|what have you got) {_IN}",
    ),
    ("published", rf"what (?:was|were|has been|is) (?:published|written|released|reported|announced) {_IN}"),
    (
        "latest",
        rf"(?:{_ANY}|anything |is there anything )(?:new|the latest|latest|the newest|the news|news)"
        rf"(?: {_NEWS})? (?:{_ABOUT}|with) (?P<name>.+)",
    ),
    (
        "latest",
        rf"(?:{_ANY}|what |which |{_SUM_UP} (?:the )?)(?:{_LATEST} )?(?:news|updates|headlines"
        rf"|developments)(?: (?:is|are) there| do you have)? (?:{_ABOUT}|of|from) (?P<name>.+)",
    ),
    ("latest", rf"{_ANY}{_LATEST} (?:{_NEWS}|{_DOCS}|{_DOC}) {_ABOUT} (?P<name>.+)"),
    (
        "latest",
        r"(?:(?:what is |show me |any )?(?:the )?latest )?"
        r"(?P<name>(?!(?:what|who|when|where|why|how|which|is|are|was|do|does|did|has|the|any|some|no"
        r"|good|bad|fake)\b)\S+(?: \S+){0,2}) news",
    ),
    ("mentions", r"where (?:is|are|was|were) (?P<name>.+) (?:mentioned|discussed)"),
    (
        "mentions",
        rf"(?:what|which|{_SHOW}|are there|do you have|is there) (?:(?:any|all|the|a) )*(?:{_DOCS}"
        rf"|{_DOC})(?: (?:are there|do you have|that|which|that are|are|is))?"
        rf" (?:{_ABOUT}|(?:talk|speak|write|say something|say anything|talks|speaks|tell) (?:about|of)"
        r"|deals? with|mentions?|mentioning|refers? to|covers?|discuss(?:es)?) (?P<name>.+)",
    ),
    (
        "topic",
        rf"what (?:do|does|can|did) (?:{_THE} )?(?:{_DOCS}) (?:say|tell(?: me| us)?|know|contain|have"
        rf"|write) {_ABOUT} (?P<name>.+)",
    ),
    (
        "topic",
        rf"{_SUM_UP} (?:everything|all|all there is|what (?:you know|you have|is known|there is|is said)"
        rf"|what (?:{_THE} )?{_DOCS} (?:say|tell|know)) {_ABOUT} (?P<name>.+)",
    ),
    ("topic", rf"what (?:do|can|else do) (?:you|we) (?:know|have|say|tell me|tell us) {_ABOUT} (?P<name>.+)"),
    (
        "topic",
        r"(?:what(?: information| info| material)? (?:is there|have you got|do you have)"
        r"|is there anything|do you have anything|anything|is there any information)"
        rf" {_ABOUT} (?P<name>.+)",
    ),
    ("about", r"(?:what (?:is|are|s|re|was|were)|whats) (?P<name>.+?)(?: all| mainly| mostly| really)? about"),
    (
        "about",
        r"(?:what (?:is|are|s) )?(?:in )?(?:the )?(?:contents?|main points?|key points?|main ideas?"
        r"|gist|essence) of (?P<name>.+)",
    ),
    ("about", r"what (?P<name>.+?) (?:is|are|was|were) (?:all |mainly |mostly )?about"),
    ("named", r"what (?:does|do) (?P<name>.+?) (?:say|talk about|deal with|tell(?: me| us)?(?: about)?)"),
    ("named", r"(?:tell me|talk)(?: something| more| all)? about (?P<name>.+)"),
    ("named", r"describe (?P<name>.+)"),
    ("named", r"what (?:happens|happened|is said|is written) in (?P<name>.+)"),
    ("summary", rf"{_SUM_UP} (?P<name>.+)"),
    ("summary", r"summari[sz]e|sum up|recap|tldr|tl dr"),
    (
        "explicit",
        r"(?:(?:what (?:is|s|are) (?:in )?|whats |open |show me |show |and |what about |how about "
        r"|no |sorry |i mean |i meant ))*(?P<name>.+)",
    ),
    (
        "again",
        r"(?:(?:and|what about|how about|or|no|sorry|actually|i mean|i meant|not that)"
        r" )+(?:(?:the news|news) )?(?P<name>.+)",
    ),
)
