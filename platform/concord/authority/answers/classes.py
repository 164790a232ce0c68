"""Closed classes of answers: which questions ask for one, its members, and the words that mean them.

General English, no list of facts: a new class is a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A closed class of answers: which questions ask for it, the words that name its members, and what they mean."""

    name: str
    asked: re.Pattern[str]
    words: re.Pattern[str]
    members: dict[str, str]


def _category(name: str, asked: str, rows: str) -> Category:
    """Rows read "member: word, word; member"; a member names itself too."""
    members: dict[str, str] = {}
    for row in " ".join(rows.split()).split(";"):
        member, _, words = row.strip().partition(":")
        for word in (member, *(words.split(",") if words else ())):
            members[word.strip().lower()] = member.strip().lower()
    names = "|".join(re.escape(word) for word in sorted(members, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?P<word>{names})(?:s|es)?(?![\w])", re.IGNORECASE)
    return Category(name, re.compile(asked, re.IGNORECASE), pattern, members)


CATEGORIES = (
    _category(
        "sport",
        r"\b(?:what|which) sports?\b(?!\s(?:team|club|league))",
        """
        football: footballer, soccer, american football, nfl, linebacker, quarterback, wide receiver, afl,
        touchdown, running back; basketball: nba; baseball: mlb, major league; ice hockey: hockey, nhl,
        goaltender; cricket: cricketer, wickets, batsman; tennis; golf: golfer, pga; rugby; volleyball;
        handball; snooker; badminton; chess; wrestling: wrestler, sumo; boxing: boxer; cycling: cyclist;
        swimming: swimmer; athletics: sprinter, marathon; skiing: skier; weightlifting: weightlifter; water
        polo; rowing: rower; motorsport: racing driver, formula one, nascar; softball; lacrosse; table tennis;
        judo; fencing; gymnastics: gymnast; curling; sailing; squash; darts; bowling; horse racing; field hockey
        """,
    ),
    _category(
        "medium",
        r"\b(?:medium|format of|type of (?:media|medium))\b",
        """
        film: movie, motion picture, short film, comedy film, drama film; novel: book, novella; play: stage
        play, farce; video game: computer game; television: tv series, television series, sitcom, telenovela,
        soap opera, miniseries, tv show; album; song: single; musical; opera; comic: comics, manga; radio: radio
        drama, radio series; short story; poem: poetry; painting: paintings; board game; magazine; newspaper;
        podcast; sculpture
        """,
    ),
    _category(
        "profession",
        r"\b(?:profession|occupation|job)\b",
        """
        actor: actress; writer: novelist, author, poet, playwright, screenwriter; singer: vocalist,
        singer-songwriter; musician: trombonist, guitarist, drummer, pianist, bassist, composer, violinist;
        politician: senator, congressman, minister, mp; lawyer: attorney, barrister; judge: jurist; physician:
        doctor, surgeon; professor: academic, scientist, biologist, physicist, chemist, historian; footballer:
        soccer player, football player; basketball player; baseball player; cricketer; tennis player; badminton
        player; golfer; athlete: runner, sprinter; chef: cook; photographer; painter: artist, sculptor,
        illustrator; journalist: reporter, broadcaster; director: filmmaker; comedian; priest: bishop, cardinal,
        clergyman; soldier: officer, general; engineer; architect; businessman: entrepreneur, businesswoman;
        dancer; opera singer: soprano, tenor; water polo player; ice hockey player; teacher; economist;
        philosopher; wrestler; boxer; jockey; model; cyclist; swimmer
        """,
    ),
    _category(
        "language",
        r"\b(?:what|which) language\b|\blanguage of\b",
        """
        english; hindi; telugu; tamil; urdu; punjabi; bengali; assamese; malayalam; kannada; marathi; gujarati;
        finnish; french; german; spanish; italian; portuguese; russian; polish; dutch; swedish; norwegian;
        danish; japanese; korean; mandarin; cantonese; chinese; arabic; persian; turkish; greek; hebrew; czech;
        hungarian; romanian; thai; vietnamese; tagalog: filipino; indonesian; malay; sinhala: sinhalese; nepali;
        odia; welsh; irish; catalan; ukrainian
        """,
    ),
    _category(
        "party",
        r"\b(?:political )?party\b",
        """
        republican; democratic: democrat, democrats; liberal; conservative: tory; labour: labor; whig;
        federalist; green party; independent; socialist; communist; bloc québécois; new democratic; liberal
        democrat; libertarian; progressive; union nationale; christian democrat; social democrat
        """,
    ),
    _category(
        "genre",
        r"\b(?:genre|style) of\b|\b(?:what|which) (?:genre|style)\b|\bbroadcast format\b|\btype of music\b",
        """
        comedy; drama: melodrama; thriller: gangster; documentary; horror; western; romance: romantic; short
        film; science fiction: sci-fi; fantasy; jazz; rock; pop; hip hop: hip-hop, rap; country; folk;
        classical; opera; baroque; gothic; modernist: modern; neoclassical; romanesque; renaissance; soul;
        metal; punk; electronic; blues; reggae; news: talk; sports; gospel: christian; studio album; superhero;
        action; musical
        """,
    ),
    _category(
        "position",
        r"\b(?:what|which) position\b",
        """
        defender: centre-back, full-back, left-back, right-back; midfielder; forward: striker; winger;
        goalkeeper; linebacker; quarterback; running back; wide receiver; tight end; cornerback; safety; guard:
        point guard, shooting guard; center: centre; pitcher; catcher; outfielder; shortstop; infielder; tackle;
        punter; kicker; goaltender; defenceman: defenseman
        """,
    ),
    _category(
        "rank",
        r"\b(?:military )?rank\b",
        """
        lieutenant general; major general; brigadier general: brigadier; general; admiral; colonel; captain;
        major; commander; field marshal; lieutenant; sergeant
        """,
    ),
    _category(
        "gender",
        r"\bgender\b",
        """
        boys: all-boys, all-male, boy; girls: all-girls, all-female, girl; co-ed: coeducational, co-educational,
        mixed
        """,
    ),
    _category(
        "instrument",
        r"\binstrument\b",
        """
        tabla; piano; guitar; violin; drums: drum; bass; trumpet; saxophone; flute; cello; sitar; trombone;
        clarinet; harp; organ; accordion
        """,
    ),
    _category(
        "transport",
        r"\btransportation?\b",
        """
        railway: rail, train; motorway: highway, road; canal; tram; metro: subway; ferry; air
        """,
    ),
    _category(
        "country",
        r"\b(?:what|which) country\b|\bof which country\b",
        """
        pakistan; peru; india; china; japan; australia; canada; united kingdom: britain, england; united states:
        usa, u.s.; france; germany; italy; spain; brazil; mexico; russia; turkey; egypt; nigeria; kenya; south
        africa; argentina; chile; colombia; sweden; norway; denmark; finland; poland; netherlands; belgium;
        austria; switzerland; portugal; greece; ireland; new zealand; indonesia; malaysia; thailand; vietnam;
        philippines; nepal; bangladesh; sri lanka; ukraine; israel; iran; iraq
        """,
    ),
)
"""The closed classes."""
