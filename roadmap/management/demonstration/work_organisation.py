"""The organisation over the years: members, wings, factions, elections, who held which office.

What the briefing says of 2024 (206 primary organisations, more than 46 000 members, 124 of 152 mandates, 37 of 38 rural
akims, by-elections of two days) comes out by adding up; how it is spread over the branches is sample.
"""

import datetime as dt
from dataclasses import dataclass

from branches.choices import ElectionKind, Position, Qualifier, Wing
from roadmap.management.demonstration import control_words
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.people import SECRETARIES
from roadmap.management.demonstration.reference import BRANCHES, OBLAST
from roadmap.management.demonstration.roadmaps import Keys
from roadmap.management.demonstration.rows import Rows, stream, submission
from roadmap.management.demonstration.sources import BRIEFING, SAMPLE
from roadmap.management.demonstration.work_days import desk_clock, office_from
from roadmap.management.demonstration.work_reference import SEATS

SPREAD = f"Жиынтығы – {BRIEFING}; филиалдарға бөлінуі – үлгі дерек"
PLACES = f"Жиынтығы – {BRIEFING}; қай ауылда, қай күні өткені – үлгі дерек"
DAY_IS_SAMPLE = f"{BRIEFING}; сайлау күні – үлгі дерек"


def _by_branch(*numbers: int) -> dict[str, int]:
    return dict(zip(BRANCHES, numbers, strict=True))


PRIMARY_ORGANISATIONS = _by_branch(14, 22, 21, 9, 18, 17, 19, 38, 24, 24)  # 206 at the end of 2024
MEMBERS = _by_branch(1184, 4867, 4931, 1458, 3724, 3012, 3387, 12900, 5284, 5253)  # 46 000 then
ROUNDED = "kyzylorda-city"  # has a little more than it says
# On which day, how many members against the end of 2024, how many primary organisations more or fewer.
COUNTED = (
    (dt.date(2024, 1, 5), 0.966, -5),
    (dt.date(2024, 7, 1), 0.983, -2),
    (dt.date(2024, 12, 20), 1.0, 0),
    (dt.date(2025, 7, 1), 1.013, 2),
    (dt.date(2025, 12, 19), 1.027, 4),
    (dt.date(2026, 7, 1), 1.036, 6),
    (dt.date(2026, 10, 1), 1.041, 7),
)
SILENT = {("baikonur", dt.date(2026, 10, 1)), ("aral", dt.date(2026, 10, 1)), ("zhalagash", dt.date(2026, 10, 1))}
WINGS_COUNTED = (dt.date(2024, 12, 20), dt.date(2025, 12, 19), dt.date(2026, 7, 1))
WING_SHARES = {Wing.WOMEN: (0.09, 0.14), Wing.YOUTH: (0.07, 0.12)}

# Mandates of factions at the end of 2024, 124 together; before the by-elections of the year there was one fewer.
MANDATES = {
    OBLAST: 25,
    "aral": 13,
    "kazaly": 13,
    "karmakshy": 11,
    "zhalagash": 10,
    "syrdarya": 11,
    "kyzylorda-city": 18,
    "shieli": 12,
    "zhanakorgan": 11,
}
BY_ELECTIONS = {
    dt.date(2024, 3, 31): (OBLAST, "aral", "zhanakorgan"),
    dt.date(2024, 12, 8): ("kyzylorda-city", "shieli", "syrdarya", "karmakshy"),
}
LATER_MANDATES = ((dt.date(2025, 6, 30), {"kazaly": 14}), (dt.date(2026, 2, 2), {OBLAST: 26, "zhalagash": 11}))
COUNTED_ANEW = {  # who tells of the faction every January
    dt.date(2025, 1, 20): tuple(MANDATES),
    dt.date(2026, 1, 19): tuple(branch for branch in MANDATES if branch not in ("karmakshy", "zhanakorgan")),
}
LEADER_OF_SYRDARYA = "Ақтөре Ибрагимұлы"  # named in the text

# Rural akims of a year: how many were elected in each district, and how many of them the party did not win.
RURAL_AKIMS = {
    2024: (
        {
            "aral": 6,
            "kazaly": 5,
            "karmakshy": 5,
            "zhalagash": 5,
            "syrdarya": 5,
            "kyzylorda-city": 2,
            "shieli": 5,
            "zhanakorgan": 5,
        },
        "kazaly",
    ),
    2025: ({"aral": 2, "kazaly": 2, "karmakshy": 1, "zhalagash": 2, "syrdarya": 2, "shieli": 3, "zhanakorgan": 2}, ""),
    2026: (
        {
            "aral": 2,
            "kazaly": 1,
            "karmakshy": 2,
            "zhalagash": 1,
            "syrdarya": 1,
            "kyzylorda-city": 1,
            "shieli": 1,
            "zhanakorgan": 2,
        },
        "shieli",
    ),
}
SUNDAYS = {
    2024: (
        dt.date(2024, 2, 25),
        dt.date(2024, 5, 19),
        dt.date(2024, 7, 14),
        dt.date(2024, 9, 29),
        dt.date(2024, 11, 17),
    ),
    2025: (dt.date(2025, 4, 13), dt.date(2025, 8, 24), dt.date(2025, 11, 16)),
    2026: (dt.date(2026, 4, 19), dt.date(2026, 9, 13), dt.date(2026, 11, 8)),
}


@dataclass(frozen=True)
class _Entry:
    """A row that somebody typed."""

    created_at: str
    entered_on: dt.date
    model: str
    author: str
    fields: dict[str, object]


def organisation(rows: Rows, keys: Keys, users: dict[str, int]) -> None:
    """Add everything, each kind of row in the order in which it was typed."""
    entries = [
        entry
        for branch in BRANCHES
        for entry in (
            *_members(branch, keys),
            *_wings(branch, keys),
            *_factions(branch, keys),
            *_elections(branch, keys),
        )
    ]
    for turn, entry in enumerate(sorted(entries, key=lambda entry: (entry.model, entry.created_at))):
        rows.add(
            entry.model,
            author=users[entry.author],
            entered_on=entry.entered_on.isoformat(),
            created_at=entry.created_at,
            submission=submission("organisation", turn),
            **entry.fields,
        )
    for branch in BRANCHES:
        _offices(rows, branch, keys["branch"][branch])


def _typed(model: str, branch: str, day: dt.date, lag: int, keys: Keys, **fields: object) -> _Entry:
    """What the secretary of a branch types `lag` days after the day of which it speaks."""
    chance = stream("organisation", model, branch, day, fields.get("wing"), fields.get("place"))
    typed = desk_clock(chance).type(day + days(lag))
    fields = {"branch": keys["branch"][branch], "source": SAMPLE, "is_sample": True} | fields
    return _Entry(typed.created_at, typed.day, f"branches.{model}", f"secretary-{branch}", fields)


# --- members and wings -----------------------------------------------------------------------------------------------
def _members(branch: str, keys: Keys) -> list[_Entry]:
    """How many members the branch counts on each day, and a number that was put right."""
    chance = stream("members", branch)
    found = []
    for day, factor, more in COUNTED:
        members = MEMBERS[branch]
        primary = PRIMARY_ORGANISATIONS[branch]
        is_published = factor == 1.0
        if not is_published:
            members = round(members * (factor + chance.uniform(-0.006, 0.006)))
            primary += round(more * chance.uniform(0.4, 1.6) / 6)
        said = {
            "as_on": day.isoformat(),
            "primary_organisations": primary,
            "members": members,
            "qualifier": (Qualifier.MORE_THAN if is_published and branch == ROUNDED else Qualifier.EXACT).value,
            "source": SPREAD if is_published else SAMPLE,
        }
        lag = chance.randint(3, 9)
        if (branch, day) in SILENT:
            continue
        if branch == "shieli" and day.year == 2025 and day.month == 7:
            slip = said | {"members": members + 540}
            found.append(_typed("membershipreport", branch, day, lag, keys, **slip))
            said |= {"note": "Есептен шыққан мүшелер шегерілді, алдыңғы сан дұрыс емес."}
            lag += 12
        found.append(_typed("membershipreport", branch, day, lag, keys, **said))
    return found


def _wings(branch: str, keys: Keys) -> list[_Entry]:
    found = []
    for wing, (low, high) in WING_SHARES.items():
        chance = stream("wings", branch, wing)
        members = MEMBERS[branch] * chance.uniform(low, high)
        for day in WINGS_COUNTED:
            members *= chance.uniform(1.0, 1.06)
            said = {"wing": wing.value, "as_on": day.isoformat(), "members": round(members)}
            found.append(_typed("wingreport", branch, day, chance.randint(2, 8), keys, **said))
    return found


# --- factions and elections ------------------------------------------------------------------------------------------
def _factions(branch: str, keys: Keys) -> list[_Entry]:
    """The faction's mandates: at the beginning of the story, after each by-election, and as they changed later."""
    if branch not in SEATS:
        return []
    gained = next((day for day, won in BY_ELECTIONS.items() if branch in won), None)
    told = [
        (dt.date(2024, 1, 15), MANDATES[branch] - bool(gained), SAMPLE),
        (gained + days(3) if gained else dt.date(2024, 9, 2), MANDATES[branch], SPREAD),
    ]
    changes = {day: changed[branch] for day, changed in LATER_MANDATES if branch in changed}
    members = MANDATES[branch]
    for day in sorted({*changes, *(day for day, who in COUNTED_ANEW.items() if branch in who)}):
        members = changes.get(day, members)
        told.append((day, members, SAMPLE))
    leader = LEADER_OF_SYRDARYA if branch == "syrdarya" else _person("leader", branch)
    maslikhat = keys["maslikhat"][branch]
    return [
        _typed(
            "factionreport",
            branch,
            day,
            2,
            keys,
            as_on=day.isoformat(),
            maslikhat=maslikhat,
            members=members,
            leader=leader,
            source=source,
        )
        for day, members, source in told
    ]


def _elections(branch: str, keys: Keys) -> list[_Entry]:
    found = []
    for day, won in BY_ELECTIONS.items():
        if branch in won:
            said = _election(ElectionKind.BY_ELECTION, day, place="бірмандатты сайлау округі")
            said |= {
                "source": BRIEFING,
                "is_sample": False,
                "note": "Мәтінде мандат саны айтылмаған, біреу деп енгізілді.",
            }
            found.append(_typed("election", branch, day, 2, keys, **said))
    if branch == "shieli":
        day = dt.date(2024, 10, 11)
        said = _election(ElectionKind.DISTRICT_AKIM, day, place="Шиелі ауданы")
        said |= {"source": DAY_IS_SAMPLE, "note": "Аудан әкімі болып Айтбай Насриддинұлы Жандарбеков сайланды."}
        found.append(_typed("election", branch, day, 3, keys, **said))
    villages = [(name, pk) for (slug, name), pk in keys["locality"].items() if slug == branch]
    for year, (counts, lost) in RURAL_AKIMS.items():
        number = counts.get(branch, 0)
        chance = stream("akims", branch, year)
        places = chance.sample(villages[1:], number)  # the first is the town
        for turn, (name, pk) in enumerate(places):
            day = SUNDAYS[year][turn % len(SUNDAYS[year])]
            said = _election(ElectionKind.RURAL_AKIM, day, won=0 if branch == lost and turn == 1 % number else 1)
            said |= {"locality": pk, "place": name, "source": PLACES if year == 2024 else SAMPLE}
            found.append(_typed("election", branch, day, 1 + turn % 4, keys, **said))
    return found


def _election(kind: ElectionKind, day: dt.date, *, won: int = 1, place: str = "") -> dict[str, object]:
    return {"kind": kind.value, "held_on": day.isoformat(), "seats": 1, "nominated": 1, "won": won, "place": place}


# --- offices ---------------------------------------------------------------------------------------------------------
def _person(*key: object) -> str:
    """Somebody invented: a given and a family name."""
    chance = stream("person", *key)
    given = chance.choice(control_words.GIVEN)
    return f"{given} {chance.choice(control_words.FAMILY)}{'а' if given in control_words.WOMEN else ''}"


def _woman(*key: object) -> str:
    """The same, a woman."""
    chance = stream("person", *key)
    return f"{chance.choice(sorted(control_words.WOMEN))} {chance.choice(control_words.FAMILY)}а"


def _offices(rows: Rows, branch: str, pk: int) -> None:
    """Who holds which office, and who held it before; those whom the texts name stand in the reference data."""
    chance = stream("offices", branch)

    def add(position: Position, full_name: str, since: dt.date, until: dt.date | None = None) -> None:
        rows.add(
            "branches.officeholder",
            branch=pk,
            position=position.value,
            full_name=full_name,
            since=since.isoformat(),
            until=until.isoformat() if until else None,
            source=SAMPLE,
            is_sample=True,
        )

    def follow(position: Position, before: str, now: str, first: dt.date, changed: dt.date) -> None:
        add(position, before, first, changed - days(1))
        add(position, now, changed)

    first = office_from(dt.date(2022, 1, 10) + days(chance.randint(0, 420)))
    changed = office_from(dt.date(2025, 1, 13) + days(chance.randint(0, 560)))
    if branch != OBLAST:
        if chance.random() < 0.4:
            follow(Position.CHAIR, _person("chair before", branch), _person("chair", branch), first, changed)
        else:
            add(Position.CHAIR, _person("chair", branch), first)
    if branch != "syrdarya":  # the text names who holds both there
        given, family = SECRETARIES[branch]
        add(Position.EXECUTIVE_SECRETARY, f"{given} {family}", office_from(dt.date(2023, 1, 9)))
        if branch in SEATS:
            add(Position.FACTION_LEADER, _person("leader", branch), office_from(dt.date(2023, 4, 3)))
    women = _woman("women", branch)
    if chance.random() < 0.35:
        follow(Position.WOMENS_WING_HEAD, _woman("women before", branch), women, first, changed)
    else:
        add(Position.WOMENS_WING_HEAD, women, first)
    youth = office_from(dt.date(2024, 2, 5) + days(chance.randint(0, 300)))
    follow(Position.YOUTH_WING_HEAD, _person("youth before", branch), _person("youth", branch), first, youth)
