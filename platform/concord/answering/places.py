"""Names of places that a question may stand in for one another by a name alone: "Paris?" after "… in London?"."""

from __future__ import annotations

_NAMES = """
    africa, asia, australia, europe, north america, south america, the eu, the european union, the middle east,
    argentina, austria, belgium, brazil, bulgaria, canada, chile, china, colombia, croatia, cyprus, czechia, denmark,
    egypt, england, estonia, finland, france, germany, great britain, greece, hong kong, hungary, iceland, india,
    indonesia, ireland, israel, italy, japan, kenya, korea, latvia, lithuania, luxembourg, malaysia, malta, mexico,
    morocco, the netherlands, new zealand, nigeria, norway, poland, portugal, romania, saudi arabia, scotland, serbia,
    singapore, slovakia, slovenia, south africa, south korea, spain, sweden, switzerland, taiwan, thailand, tunisia,
    türkiye, the uae, the uk, ukraine, the united kingdom, the united states, the us, the usa, vietnam, wales,
    amsterdam, athens, atlanta, bangalore, bangkok, barcelona, basel, beijing, berlin, birmingham, bologna, bordeaux,
    boston, bratislava, bremen, brussels, bucharest, budapest, cairo, chicago, cologne, copenhagen, dallas, delhi,
    dresden, dubai, dublin, düsseldorf, edinburgh, frankfurt, geneva, glasgow, gothenburg, graz, hamburg, hanover,
    helsinki, houston, istanbul, jakarta, johannesburg, kyiv, leeds, leipzig, lille, lisbon, liverpool, ljubljana,
    london, los angeles, lyon, madrid, manchester, marseille, melbourne, miami, milan, montreal, mumbai, munich,
    nairobi, naples, new delhi, new york, nuremberg, osaka, oslo, paris, porto, prague, rome, rotterdam, salzburg,
    san francisco, seattle, seoul, shanghai, sofia, stockholm, stuttgart, sydney, tallinn, tel aviv, tokyo, toronto,
    turin, utrecht, valencia, vancouver, vienna, vilnius, warsaw, washington, zagreb, zurich
"""
PLACES = frozenset(name.strip() for name in _NAMES.split(","))
"""Regions, countries and large cities, in lower case; names that are words too ("Nice", "Turkey") are left out."""


def is_place(name: str) -> bool:
    """Whether a name, without regard to case, is that of a known place; "US" needs no article, as "us" does."""
    return name.lower() in PLACES or (name[:1].isupper() and f"the {name.lower()}" in PLACES)
