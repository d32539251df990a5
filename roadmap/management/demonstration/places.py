"""Real places of each district, and the forms in which a Kazakh title names them."""

from dataclasses import dataclass

from roadmap.management.demonstration.reference import LANDS, OBLAST

# The head noun carries the endings, so that they are right whatever the name: its locative, genitive, dative,
# accusative, and "that is there".
HEADS = {
    "ауылы": ("ауылында", "ауылының", "ауылына", "ауылын", "ауылындағы"),
    "кенті": ("кентінде", "кентінің", "кентіне", "кентін", "кентіндегі"),
    "қаласы": ("қаласында", "қаласының", "қаласына", "қаласын", "қаласындағы"),
    "шағынауданы": ("шағынауданында", "шағынауданының", "шағынауданына", "шағынауданын", "шағынауданындағы"),
    "шағынаудан": ("шағынауданда", "шағынауданның", "шағынауданға", "шағынауданды", "шағынаудандағы"),
    "көшесі": ("көшесінде", "көшесінің", "көшесіне", "көшесін", "көшесіндегі"),
    "даңғылы": ("даңғылында", "даңғылының", "даңғылына", "даңғылын", "даңғылындағы"),
    "ауданы": ("ауданында", "ауданының", "ауданына", "ауданын", "ауданындағы"),
    "аудан": ("ауданда", "ауданның", "ауданға", "ауданды", "аудандағы"),
    "қала": ("қалада", "қаланың", "қалаға", "қаланы", "қаладағы"),
    "облыс": ("облыста", "облыстың", "облысқа", "облысты", "облыстағы"),
}

VILLAGES = {
    "aral": "Аманөткел Ақирек Ақеспе Бекбауыл Бөген Қамыстыбас Қаратерең Қосжар Құланды Мерген Райым Сапақ Тастүбек",
    "kazaly": "Ақжона Бозкөл Басықара Қарашеңгел Көларық Қызылқұм Лақалы Майдакөл Мұратбаев Өркендеу Тасарық Шәкен",
    "karmakshy": "Ақай Ақжар Ақтөбе Дүр~Оңғар Жаңажол Көмекбаев Қармақшы Қуаңдария Тұрмағамбет Төребай~би",
    "zhalagash": "Аққұм Аққыр Ақсу Аламесек Бұқарбай~батыр Еңбек Жаңадария Жаңаталап Қаракеткен "
    "Мақпалкөл Мырзабай~ахун",
    "syrdarya": "Айдарлы Ақжарма Амангелді Бесарық Жетікөл Н.Ілиясов Қалжан~ахун Қоғалыкөл С.Сейфуллин Шаған Шіркейлі "
    "А.Тоқмағанбетов Іңкәрдария",
    "kyzylorda-city": "Ақжарма Ақсуат Досан Қарауылтөбе Қызылжарма Қызылөзек Талсуат",
    "shieli": "Ақмая Алмалы Бала~би Бәйгеқұм Бестам Еңбекші Жиделіарық Жөлек Иіркөл Қарғалы Керделі Сұлутөбе Тартоғай",
    "zhanakorgan": "Ақүйік Аққорған Байкенже Бесарық Жайылма Жаңарық Қандөз Қожакент Қосүйеңкі Қыраш Манап Өзгент "
    "Сунақата Сүттіқұдық Төменарық",
}
TOWNS = {
    "aral": "Арал қаласы|Сексеуіл кенті|Жақсықылыш кенті",
    "kazaly": "Әйтеке би кенті|Қазалы қаласы",
    "baikonur": "5- шағынаудан|6- шағынаудан|7- шағынаудан|Абай даңғылы|Королёв даңғылы|Гагарин көшесі|Горький көшесі",
    "karmakshy": "Жосалы кенті|Төретам кенті",
    "zhalagash": "Жалағаш кенті",
    "syrdarya": "Тереңөзек кенті",
    "kyzylorda-city": "Тасбөгет кенті|Белкөл кенті|«Сырдария» шағынауданы|«Ақмешіт» шағынауданы|«Мерей» шағынауданы|"
    "«Шұғыла» шағынауданы|«Арай» шағынауданы|«Саяхат» шағынауданы",
    "shieli": "Шиелі кенті",
    "zhanakorgan": "Жаңақорған кенті|Шалқия кенті",
}


@dataclass(frozen=True)
class Place:
    """A place of a title: its name, the head noun, and the district before it when the oblast speaks of it."""

    district: str  # slug; "" for the whole oblast
    name: str
    head: str
    before: str = ""

    def forms(self) -> dict[str, str]:
        """The forms that titles ask for: nom, loc, gen, dat, acc, attr."""
        start = " ".join(part for part in (self.before, self.name) if part)
        forms = dict(zip(("loc", "gen", "dat", "acc", "attr"), HEADS[self.head], strict=True)) | {"nom": self.head}
        return {form: f"{start} {word}".strip().replace("- ", "-") for form, word in forms.items()}

    @property
    def is_village(self) -> bool:
        """A village with an okrug of its own, in which an akim's office sits."""
        return self.head == "ауылы"


def _places(district: str, before: str = "") -> tuple[list[Place], list[Place]]:
    villages = [Place(district, name.replace("~", " "), "ауылы", before) for name in VILLAGES.get(district, "").split()]
    towns = []
    for town in TOWNS[district].split("|"):
        name, head = town.rsplit(" ", 1)
        towns.append(Place(district, name, head, before))
    return villages, towns


def villages_and_towns(branch: str) -> tuple[list[Place], list[Place]]:
    """The places of a branch's measures: its own district's; for the oblast those of all, named with their district."""
    if branch != OBLAST:
        return _places(branch)
    villages, towns = [], []
    for land in LANDS:
        more_villages, more_towns = _places(land.slug, before=land.name[0])
        villages += more_villages
        towns += more_towns
    return villages, towns


def whole(branch: str) -> Place:
    """The branch's land as a whole, as its own people call it: the district, the city, the oblast."""
    land = next((land for land in LANDS if land.slug == branch), None)
    if land is None:
        return Place("", "", "облыс")
    return Place(branch, "", "қала" if land.is_city else "аудан")


def adjective(branch: str) -> str:
    """The branch's land as an adjective: «Арал аудандық», «облыстық»."""
    return next((land.adjective[0] for land in LANDS if land.slug == branch), "облыстық")


def akimat(branch: str) -> str:
    """The akimat of a branch's land: «Арал ауданының әкімдігі»."""
    name, head = next((land.name[0] for land in LANDS if land.slug == branch), "Қызылорда облысы").rsplit(" ", 1)
    return f"{name} {HEADS.get(head, ('', 'облысының'))[1]} әкімдігі"
