"""What is built: which works of a roadmap have a site, what the site is called, who builds it and for how much.

Every site, contractor, contract and sum is invented; of what the two texts name, only the name is theirs.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from branches.metrics import has_control_digit
from roadmap.choices import SiteKind, Unit
from roadmap.management.demonstration.places import villages_and_towns
from roadmap.management.demonstration.reference import OBLAST
from roadmap.management.demonstration.rows import stream
from roadmap.management.demonstration.works import Kind

H, N, R, E = SiteKind.HOUSING, SiteKind.NETWORKS, SiteKind.ROAD, SiteKind.EDUCATION
M, S, C, W, O = SiteKind.HEALTH, SiteKind.SPORT, SiteKind.CULTURE, SiteKind.WATERWORKS, SiteKind.OTHER  # noqa: E741

# The site of a work, by the work's title: its kind and its name, in the forms that titles ask for.
SITES: dict[str, tuple[SiteKind, str]] = {
    "{loc} {n} пәтерлі тұрғын үй салу": (H, "{attr} {n} пәтерлі тұрғын үй"),
    "{loc} {n} қызметтік тұрғын үй салу": (H, "{attr} {n} қызметтік тұрғын үй"),
    "{attr} көпқабатты үйлердің шатырын күрделі жөндеу": (H, "{attr} көпқабатты үйлердің шатыры"),
    "{attr} тұрғын үй алаңына инженерлік-коммуникациялық желі жүргізу": (
        N,
        "{attr} тұрғын үй алаңының инженерлік желілері",
    ),
    "{acc} табиғи газбен қамтамасыз ету": (N, "{attr} газ құбыры"),
    "{loc} газ тарату желісін жүргізу": (N, "{attr} газ тарату желісі"),
    "{gen} электр желілерін қайта жаңғырту": (N, "{attr} электр желілері"),
    "{gen} жылу желісін күрделі жөндеу": (N, "{attr} жылу желісі"),
    "{gen} ауыз су желісін қайта жаңғырту": (N, "{attr} ауыз су желісі"),
    "{attr} үйлерге орталықтандырылған ауыз су тарту": (N, "{attr} ауыз су құбыры"),
    "{attr} су мұнарасын қайта жаңарту": (N, "{attr} су мұнарасы"),
    "{loc} кәріз желісін салу": (N, "{attr} кәріз желісі"),
    "{attr} кәріз-сорғы станциясын күрделі жөндеу": (N, "{attr} кәріз-сорғы станциясы"),
    "{gen} ішкі көшелеріне орташа жөндеу жүргізу": (R, "{gen} ішкі көшелері"),
    "{gen} көшелеріне асфальт төсеу": (R, "{gen} көшелері"),
    "{gen} кіреберіс жолын күрделі жөндеу": (R, "{gen} кіреберіс жолы"),
    "{attr} көпірді күрделі жөндеу": (R, "{attr} көпір"),
    "{loc} жаяу жүргіншілер жолын салу": (R, "{attr} жаяу жүргіншілер жолы"),
    "{loc} балалар ойын алаңын салу": (O, "{attr} балалар ойын алаңы"),
    "{attr} көпқабатты үйлердің ауласын абаттандыру": (O, "{attr} көпқабатты үйлердің аулалары"),
    "{loc} {n} орындық мектеп салу": (E, "{attr} {n} орындық мектеп"),
    "{loc} {n} орындық балабақша ашу": (E, "{attr} {n} орындық балабақша"),
    "{attr} мектепке күрделі жөндеу жүргізу": (E, "{attr} мектеп, күрделі жөндеу"),
    "{attr} мектептің спорт залын жөндеу": (E, "{attr} мектептің спорт залы"),
    "{attr} мектеп асханасын жаңғырту": (E, "{attr} мектеп асханасы"),
    "{attr} мектептің шатырын ауыстыру": (E, "{attr} мектептің шатыры"),
    "{attr} мектепке қосымша оқу корпусын салу": (E, "{attr} мектептің қосымша оқу корпусы"),
    "{loc} фельдшерлік-акушерлік пункт салу": (M, "{attr} фельдшерлік-акушерлік пункт"),
    "{loc} медициналық пункт ғимаратын салу": (M, "{attr} медициналық пункт"),
    "{loc} дәрігерлік амбулатория салу": (M, "{attr} дәрігерлік амбулатория"),
    "{attr} дәрігерлік амбулаторияны күрделі жөндеу": (M, "{attr} дәрігерлік амбулатория, күрделі жөндеу"),
    "{attr} амбулаторияның жылу жүйесін ауыстыру": (M, "{attr} амбулаторияның жылу жүйесі"),
    "{attr} емхананың күндізгі стационарын жөндеу": (M, "{attr} емхананың күндізгі стационары"),
    "{area_adj} аурухананың хирургия бөлімшесін жөндеу": (M, "{area_adj} аурухананың хирургия бөлімшесі"),
    "{area_adj} аурухананың қабылдау бөлімін кеңейту": (M, "{area_adj} аурухананың қабылдау бөлімі"),
    "{attr} суармалы каналды механикалық тәсілмен тазарту": (W, "{attr} суармалы канал"),
    "{attr} коллектор-дренаж жүйесін тазарту": (W, "{attr} коллектор-дренаж жүйесі"),
    "{attr} су реттегіш қондырғыны жөндеу": (W, "{attr} су реттегіш қондырғы"),
    "{loc} тік дренаж ұңғымаларын қалпына келтіру": (W, "{attr} тік дренаж ұңғымалары"),
    "{loc} су тасқынынан қорғайтын бөгетті нығайту": (W, "{attr} су тасқынынан қорғайтын бөгет"),
    "{loc} мал сою алаңын салу": (O, "{attr} мал сою алаңы"),
    "{loc} ветеринариялық пункт салу": (O, "{attr} ветеринариялық пункт"),
    "{loc} мүгедектігі бар балаларға арналған оңалту кабинетін ашу": (
        O,
        "{attr} мүгедектігі бар балаларға арналған оңалту кабинеті",
    ),
    "{loc} қарттарға арналған күндізгі орталық ашу": (O, "{attr} қарттарға арналған күндізгі орталық"),
    "{loc} отбасын қолдау орталығын ашу": (O, "{attr} отбасын қолдау орталығы"),
    "{attr} мәдениет үйін күрделі жөндеу": (C, "{attr} мәдениет үйі, күрделі жөндеу"),
    "{loc} клуб үйін салу": (C, "{attr} клуб үйі"),
    "{attr} кітапхананы заманауи форматқа келтіру": (C, "{attr} кітапхана"),
    "{attr} музей экспозициясын жаңарту": (C, "{attr} музей"),
    "{attr} орталық саябақты абаттандыру": (C, "{attr} орталық саябақ"),
    "{loc} дене шынықтыру-сауықтыру кешенін салу": (S, "{attr} дене шынықтыру-сауықтыру кешені"),
    "{loc} шағын футбол алаңын салу": (S, "{attr} шағын футбол алаңы"),
    "{loc} көшедегі жаттығу алаңын орнату": (S, "{attr} көшедегі жаттығу алаңы"),
    "{attr} спорт залын жөндеу": (S, "{attr} спорт залы"),
    "Студенттер жатақханасында {n} жаңа орын ашу": (E, "{n} орындық студенттер жатақханасы"),
    "Облыс орталығындағы кәріз тазарту қондырғысын жаңғырту": (N, "Облыс орталығындағы кәріз тазарту қондырғысы"),
    "Индустриялық аймақтың инженерлік инфрақұрылымын жүргізу": (N, "Индустриялық аймақтың инженерлік желілері"),
    "«Қорқыт ата» мемориалдық кешенінің аумағын абаттандыру": (C, "«Қорқыт ата» мемориалдық кешенінің аумағы"),
    "Қалдықтарды сұрыптау желісін іске қосу": (O, "Қалдықтарды сұрыптау желісі"),
}
# Where an oblast's work has no place in its title.
AT = {"«Қорқыт ата» мемориалдық кешенінің аумағын абаттандыру": "karmakshy"}


@dataclass(frozen=True)
class Blueprint:
    """What a site is, before anything happens on it."""

    name: str
    kind: SiteKind
    district: str
    capacity: str = ""
    locality: tuple[str, str] | None = None
    is_named: bool = False  # its name stands in a text
    work: Kind = Kind.BUILD  # how the building goes


LEFT_BANK = "Қызылорда қаласының сол жағалауында 7 қабатты, 84 пәтерлі 6 тұрғын үйді пайдалануға беру"
HOSPITAL = "Арал ауданы Сексеуіл кентінде 40 төсекорындық ауылдық аурухана салу"
# Sites of measures that the texts name, by branch, year and the measure's title.
NAMED_SITES: dict[tuple[str, int, str], tuple[Blueprint, ...]] = {
    (OBLAST, 2024, LEFT_BANK): tuple(
        Blueprint(
            f"Қызылорда қаласының сол жағалауындағы 84 пәтерлі тұрғын үй, {number}-үй",
            H,
            "kyzylorda-city",
            "84 пәтер, 7 қабат",
            is_named=True,
        )
        for number in range(1, 7)
    ),
    (OBLAST, 2024, HOSPITAL): (
        Blueprint(
            "Арал ауданы Сексеуіл кентіндегі ауылдық аурухана",
            M,
            "aral",
            "40 төсекорын",
            ("aral", "Сексеуіл"),
            is_named=True,
        ),
    ),
    (OBLAST, 2024, "«Жайлы мектеп» ұлттық жобасы бойынша мектептер салу"): (
        Blueprint("Қызылорда қаласы «Сырдария» шағынауданындағы мектеп", E, "kyzylorda-city", "900 орын"),
        Blueprint("Шиелі ауданы Шиелі кентіндегі мектеп", E, "shieli", "600 орын", ("shieli", "Шиелі")),
    ),
    (OBLAST, 2024, "16 кредиттік тұрғын үй салу"): (
        Blueprint("Қызылорда қаласы «Арай» шағынауданындағы кредиттік тұрғын үй", H, "kyzylorda-city", "60 пәтер"),
        Blueprint("Қазалы ауданы Әйтеке би кентіндегі кредиттік тұрғын үй", H, "kazaly", "40 пәтер"),
    ),
    (OBLAST, 2024, "Елді мекендерді табиғи газға қосу"): (
        Blueprint("Жалағаш ауданы Аққұм ауылындағы газ тарату желісі", N, "zhalagash", "17 км", work=Kind.LINE),
    ),
    (OBLAST, 2024, "Спорт нысандарын пайдалануға беру"): (
        Blueprint("Қармақшы ауданы Жосалы кентіндегі дене шынықтыру-сауықтыру кешені", S, "karmakshy"),
        Blueprint("Қызылорда қаласы Тасбөгет кентіндегі спорт кешені", S, "kyzylorda-city"),
    ),
    ("syrdarya", 2025, "Н.Ілиясов ауылын газдандыру"): (
        Blueprint(
            "Н.Ілиясов ауылының газ құбыры",
            N,
            "syrdarya",
            locality=("syrdarya", "Н.Ілиясов"),
            is_named=True,
            work=Kind.LINE,
        ),
    ),
    ("syrdarya", 2025, "«Ауыл – ел бесігі» бағдарламасы аясында Қалжан ахун елді мекенін электрмен жабдықтау"): (
        Blueprint(
            "Қалжан ахун ауылының электр желісі",
            N,
            "syrdarya",
            locality=("syrdarya", "Қалжан ахун"),
            is_named=True,
            work=Kind.LINE,
        ),
    ),
}
CAPACITIES = {
    Unit.PLACES: "{n} орын",
    Unit.KM: "{n} км",
    Unit.FLATS: "{n} пәтер",
    Unit.HOUSES: "{n} үй",
    Unit.HOUSEHOLDS: "{n} үй",
}


def blueprint(branch: str, task) -> Blueprint | None:
    """The site of a task, or None when nothing is built."""
    found = SITES.get(task.work.title) if task.work else None
    if found is None:
        return None
    kind, template = found
    place = task.place
    forms = place.forms() if place else {}
    name = template.format(**forms, area_adj=task.title.split(" аурухана")[0], n=task.number)
    unit = task.work.counts[1] if task.work.counts else None
    return Blueprint(
        name=name,
        kind=kind,
        district=(place.district if place else "") or AT.get(task.work.title) or _district(branch),
        capacity=CAPACITIES[unit].format(n=task.number) if unit in CAPACITIES and task.number else "",
        locality=task.locality,
        work=task.kind,
    )


def _district(branch: str) -> str:
    """Where a work without a place is: in the branch's own district; the oblast's in its centre."""
    return "kyzylorda-city" if branch == OBLAST else branch


def place_names(branch: str) -> list[str]:
    """Places of a branch's land as they stand in a sentence: «Ақирек ауылындағы»."""
    villages, towns = villages_and_towns(branch)
    return [place.forms()["attr"] for place in (*villages, *towns)]


# --- who builds ------------------------------------------------------------------------------------------------------
# Out of fairy tales, so that nobody real is meant: Ер Төстік's horse builds roads here.
CONTRACTORS: dict[str, tuple[str, ...]] = {
    "road": ("«Шалқұйрық Жол» ЖШС", "«Желаяқ» ЖШС", "«Тайбурыл Асфальт» ЖШС", "«Керқұла Жол» ЖШС"),
    "lines": ("«Саққұлақ Желі» ЖШС", "«Көлтауысар Су» ЖШС", "«Күнікей Энерго» ЖШС", "«Айдаһар Газ» ЖШС"),
    "water": ("«Көлтауысар Су» ЖШС", "«Сұлусары Арна» ЖШС", "«Таусоғар» ЖШС"),
    "building": (
        "«Ер Төстік Құрылыс» ЖШС",
        "«Таусоғар» ЖШС",
        "«Қаңбақ Шал Құрылыс» ЖШС",
        "«Қобыланды Монтаж» ЖШС",
        "«Алтын Сақа Инвест» ЖШС",
        "«Аяз Би Строй» ЖШС",
        "«Жиренше Құрылыс» ЖШС",
        "«Мақта Қыз Дизайн» ЖШС",
    ),
}
TRADES = {R: "road", N: "lines", W: "water"}


def contractor(kind: SiteKind, chance: random.Random) -> tuple[str, str]:
    """Somebody invented who builds such sites, and the BIN of a company that cannot be."""
    name = chance.choice(CONTRACTORS[TRADES.get(kind, "building")])
    return name, impossible_bin(name)


def impossible_bin(name: str) -> str:
    """A BIN that is formed rightly, and nobody's: its third and fourth digits, the month of registration, are 00."""
    chance = stream(name, "bin")
    while True:
        eleven = f"{chance.randint(5, 23):02}0040{chance.randint(0, 99999):05}"
        for digit in "0123456789":
            if has_control_digit(eleven + digit):
                return eleven + digit


def contract_sum(task, funding: Iterable[int], shares: int, chance: random.Random) -> int | None:
    """What one of `shares` contracts of a measure costs: a little less than is planned; unknown where nothing is.

    Of what the texts name, no sum is invented.
    """
    planned = sum(funding)
    if not planned and task.work and task.work.cost and chance.random() < 0.7:
        low, high = task.work.cost
        planned = chance.randint(low * 1000, high * 1000) * 1000
    return int(planned / shares * chance.uniform(0.93, 1.0)) // 100 * 100 if planned else None
