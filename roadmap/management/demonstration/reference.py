"""Reference data, without any sample: the oblast, its districts along the river, branches, the programme."""

from dataclasses import dataclass

from branches.choices import BranchKind, DistrictKind, LocalityKind, Position
from roadmap.management.demonstration.localities import SETTLEMENTS, SYRDARYA_OKRUGS, TOWNS, VILLAGES
from roadmap.management.demonstration.rows import Name, Rows, named
from roadmap.management.demonstration.sources import BRIEFING, VISIT
from roadmap.management.demonstration.work_reference import TOPICS_OF, write_topics

OBLAST = "kyzylorda-oblast"


@dataclass(frozen=True)
class Land:
    """A district or a city of the oblast, from the sea upstream, and how its branch is called after it."""

    slug: str
    kato: str
    name: Name
    short: Name
    adjective: Name
    centre: Name | None = None

    @property
    def is_city(self) -> bool:
        """A city that stands beside districts."""
        return self.centre is None


LANDS = (
    Land(
        "aral",
        "433200000",
        ("Арал ауданы", "Аральский район", "Aral District"),
        ("Арал", "Арал", "Aral"),
        ("Арал аудандық", "Аральский районный", "Aral District"),
        ("Арал", "Аральск", "Aral"),
    ),
    Land(
        "kazaly",
        "434400000",
        ("Қазалы ауданы", "Казалинский район", "Kazaly District"),
        ("Қазалы", "Казалы", "Kazaly"),
        ("Қазалы аудандық", "Казалинский районный", "Kazaly District"),
        ("Әйтеке би", "Айтеке би", "Aiteke Bi"),
    ),
    Land(
        "baikonur",
        "431900000",
        ("Байқоңыр қаласы", "г. Байконыр", "Baikonur City"),
        ("Байқоңыр", "Байконыр", "Baikonur"),
        ("Байқоңыр қалалық", "Байконырский городской", "Baikonur City"),
    ),
    Land(
        "karmakshy",
        "434600000",
        ("Қармақшы ауданы", "Кармакшинский район", "Karmakshy District"),
        ("Қармақшы", "Кармакшы", "Karmakshy"),
        ("Қармақшы аудандық", "Кармакшинский районный", "Karmakshy District"),
        ("Жосалы", "Жосалы", "Zhosaly"),
    ),
    Land(
        "zhalagash",
        "433600000",
        ("Жалағаш ауданы", "Жалагашский район", "Zhalagash District"),
        ("Жалағаш", "Жалагаш", "Zhalagash"),
        ("Жалағаш аудандық", "Жалагашский районный", "Zhalagash District"),
        ("Жалағаш", "Жалагаш", "Zhalagash"),
    ),
    Land(
        "syrdarya",
        "434800000",
        ("Сырдария ауданы", "Сырдарьинский район", "Syrdarya District"),
        ("Сырдария", "Сырдарья", "Syrdarya"),
        ("Сырдария аудандық", "Сырдарьинский районный", "Syrdarya District"),
        ("Тереңөзек", "Теренозек", "Terenozek"),
    ),
    Land(
        "kyzylorda-city",
        "431000000",
        ("Қызылорда қаласы", "г. Кызылорда", "Kyzylorda City"),
        ("Қызылорда", "Кызылорда", "Kyzylorda"),
        ("Қызылорда қалалық", "Кызылординский городской", "Kyzylorda City"),
    ),
    Land(
        "shieli",
        "435200000",
        ("Шиелі ауданы", "Шиелийский район", "Shieli District"),
        ("Шиелі", "Шиели", "Shieli"),
        ("Шиелі аудандық", "Шиелийский районный", "Shieli District"),
        ("Шиелі", "Шиели", "Shieli"),
    ),
    Land(
        "zhanakorgan",
        "434000000",
        ("Жаңақорған ауданы", "Жанакорганский район", "Zhanakorgan District"),
        ("Жаңақорған", "Жанакорган", "Zhanakorgan"),
        ("Жаңақорған аудандық", "Жанакорганский районный", "Zhanakorgan District"),
        ("Жаңақорған", "Жанакорган", "Zhanakorgan"),
    ),
)
DAY_OF_CHANGE = "төраға ауысқан күн мәтінде жоқ, үлгі ретінде алынды"
BRANCHES = (OBLAST, *(land.slug for land in LANDS))

DIRECTIONS: tuple[tuple[str, Name], ...] = (
    (
        "housing",
        (
            "Тұрғын үй және инженерлік желілер",
            "Жильё и инженерные сети",
            "Housing and engineering networks",
        ),
    ),
    ("education", ("Білім және ғылым", "Образование и наука", "Education and science")),
    ("health", ("Денсаулық сақтау", "Здравоохранение", "Health")),
    ("agriculture", ("Ауыл шаруашылығы және су", "Сельское хозяйство и вода", "Agriculture and water")),
    ("social", ("Әлеуметтік қолдау", "Социальная поддержка", "Social support")),
    ("jobs", ("Жұмыспен қамту және кәсіпкерлік", "Занятость и предпринимательство", "Jobs and business")),
    ("culture", ("Мәдениет және спорт", "Культура и спорт", "Culture and sport")),
    ("ecology", ("Экология және Арал өңірі", "Экология и Приаралье", "Ecology and the Aral region")),
)


def reference(rows: Rows) -> dict[str, dict[object, int]]:
    """Add the reference rows; give primary keys: by slug, of localities by district and name."""
    kinds = ("branch", "direction", "locality", "region", "programme", "district", "body")
    keys: dict[str, dict[object, int]] = {kind: {} for kind in kinds}
    region = keys["region"]["kyzylorda"] = rows.add(
        "branches.region",
        slug="kyzylorda",
        kato="430000000",
        **named(("Қызылорда облысы", "Кызылординская область", "Kyzylorda Region")),
    )
    keys["branch"][OBLAST] = rows.add(
        "branches.branch",
        slug=OBLAST,
        kind=BranchKind.REGIONAL.value,
        region=region,
        **named(_branch_name(("Қызылорда облыстық", "Кызылординский областной", "Kyzylorda Regional"))),
    )
    for order, land in enumerate(LANDS, start=1):
        district = keys["district"][land.slug] = rows.add(
            "branches.district",
            region=region,
            slug=land.slug,
            kato=land.kato,
            kind=(DistrictKind.CITY if land.is_city else DistrictKind.DISTRICT).value,
            river_order=order,
            **named(land.name),
            **named(land.short, "short"),
        )
        keys["branch"][land.slug] = rows.add(
            "branches.branch",
            slug=land.slug,
            kind=BranchKind.TERRITORIAL.value,
            region=region,
            district=district,
            **named(_branch_name(land.adjective)),
        )
        for kind, name, is_centre in _localities(land):
            keys["locality"][land.slug, name[0]] = rows.add(
                "branches.locality", district=district, kind=kind.value, is_centre=is_centre, **named(name)
            )
    _office_holders(rows, keys["branch"])
    programme = keys["programme"]["halykpen-birge"] = rows.add(
        "roadmap.programme",
        slug="halykpen-birge",
        year_from=2023,
        year_until=2027,
        source=BRIEFING,
        **named(("«Халықпен бірге!»", "«Вместе с народом!»", "“Together with the People!”")),
    )
    keys["topic"] = write_topics(rows)
    for number, (slug, name) in enumerate(DIRECTIONS, start=1):
        keys["direction"][slug] = rows.add(
            "roadmap.direction",
            programme=programme,
            number=number,
            slug=slug,
            topics=[keys["topic"][topic] for topic in TOPICS_OF[slug]],
            **named(name),
        )
    return keys


def _branch_name(adjective: Name) -> Name:
    return (
        f"«AMANAT» партиясының {adjective[0]} филиалы",
        f"{adjective[1]} филиал партии «AMANAT»",
        f"{adjective[2]} Branch of the AMANAT Party",
    )


def _localities(land: Land) -> list[tuple[LocalityKind, Name, bool]]:
    """The centre, other towns and settlements, okrugs of Syrdarya as the texts name them, villages elsewhere."""
    found = []
    if land.centre:
        found.append((LocalityKind.CITY if land.slug == "aral" else LocalityKind.SETTLEMENT, land.centre, True))
    for kind, names in (
        (LocalityKind.CITY, TOWNS),
        (LocalityKind.SETTLEMENT, SETTLEMENTS),
        (LocalityKind.VILLAGE, VILLAGES),
    ):
        found += [(kind, name, False) for name in names.get(land.slug, ())]
    if land.slug == "syrdarya":
        found += [(LocalityKind.RURAL_OKRUG, name, False) for name in SYRDARYA_OKRUGS]
    return found


def _office_holders(rows: Rows, branches: dict[object, int]) -> None:
    """The holders of offices whom the texts name, in the order of the texts.

    Between the two texts the oblast's chair changed; on which day is not published, and the source says so.
    """
    for branch, position, full_name, since, until, source in (
        (OBLAST, Position.CHAIR, "Алмасбек Есмаханов", None, "2025-08-31", f"{BRIEFING}; {DAY_OF_CHANGE}"),
        (OBLAST, Position.CHAIR, "Жандос Базартай", "2025-09-01", None, f"{VISIT}; {DAY_OF_CHANGE}"),
        ("syrdarya", Position.EXECUTIVE_SECRETARY, "Ақтөре Ибрагимұлы", None, None, VISIT),
        ("syrdarya", Position.FACTION_LEADER, "Ақтөре Ибрагимұлы", None, None, VISIT),
    ):
        rows.add(
            "branches.officeholder",
            branch=branches[branch],
            position=position.value,
            full_name=full_name,
            since=since,
            until=until,
            source=source,
            is_sample=False,
        )


def places_of(branch: str) -> list[tuple[str, str]]:
    """Places of a branch's land by district and Kazakh name, the chief one first; of the oblast the chief ones."""
    places = {land.slug: [(land.slug, name[0]) for _, name, _ in _localities(land)] for land in LANDS}
    if branch == OBLAST:
        chief = [found[0] for found in places.values()]
        return sorted(chief, key=lambda place: place[0] != "kyzylorda-city")
    return places[branch]
