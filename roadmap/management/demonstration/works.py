"""What a measure can be: a piece of work with its title, executor, quantity and cost."""

from dataclasses import dataclass
from enum import StrEnum

from roadmap.choices import Unit


class Kind(StrEnum):
    """How a work goes, and so how its reports sound."""

    BUILD = "build"  # a building: designed, tendered, built, commissioned
    YARD = "yard"  # something under the open sky: a bridge, a playground, a well
    TRADE = "trade"  # a workshop or a shop that a businessman opens
    LINE = "line"  # a road, a network, a canal: so many kilometres
    BUY = "buy"  # equipment: tendered, delivered, installed
    HOLD = "hold"  # events through the year
    SERVE = "serve"  # people who are taught, treated, employed, helped
    FARM = "farm"  # fields and herds
    PLANT = "plant"  # trees
    DRAFT = "draft"  # a plan, a study


class Where(StrEnum):
    """Where a work of this title can be."""

    ANY = "any"
    VILLAGE = "village"
    TOWN = "town"
    AREA = "area"  # the whole district or city
    OBLAST = "oblast"  # the oblast's own works


@dataclass(frozen=True)
class Work:
    """One piece of work. The title may ask for a form of the place ({loc}, {attr}, …), {adj} and the number {n}.

    `group` is the task inside its direction; `counts` names the indicator whose plan is the number; `cost` is in
    millions of tenge, from and to; `only` limits the work to branches; `published` says that the texts publish a total
    of such works, so that no sample of it may stand beside them in their roadmaps.
    """

    title: str
    kind: Kind
    where: Where
    executor: str
    group: int
    numbers: tuple[int, ...] = ()
    counts: tuple[str, Unit] | None = None
    cost: tuple[int, int] | None = None
    only: tuple[str, ...] = ()
    published: bool = False


# The same office in a district or city, and in the oblast.
EXECUTORS = {
    "construction": ("құрылыс, сәулет және қала құрылысы бөлімі", "құрылыс, сәулет және қала құрылысы басқармасы"),
    "utilities": (
        "тұрғын үй-коммуналдық шаруашылық бөлімі",
        "энергетика және тұрғын үй-коммуналдық шаруашылық басқармасы",
    ),
    "roads": (
        "жолаушылар көлігі және автомобиль жолдары бөлімі",
        "жолаушылар көлігі және автомобиль жолдары басқармасы",
    ),
    "education": ("білім бөлімі", "білім басқармасы"),
    "health": ("көпбейінді аурухана", "денсаулық сақтау басқармасы"),
    "land": (
        "ауыл шаруашылығы және жер қатынастары бөлімі",
        "ауыл шаруашылығы және жер қатынастары басқармасы",
    ),
    "veterinary": ("ветеринариялық станция", "ветеринария басқармасы"),
    "social": (
        "жұмыспен қамту және әлеуметтік бағдарламалар бөлімі",
        "жұмыспен қамтуды үйлестіру және әлеуметтік бағдарламалар басқармасы",
    ),
    "business": ("кәсіпкерлік және туризм бөлімі", "кәсіпкерлік және туризм басқармасы"),
    "culture": ("мәдениет және тілдерді дамыту бөлімі", "мәдениет басқармасы"),
    "sport": ("дене шынықтыру және спорт бөлімі", "дене шынықтыру және спорт басқармасы"),
    "youth": ("ішкі саясат бөлімі", "қоғамдық даму басқармасы"),
    "nature": (
        "тұрғын үй-коммуналдық шаруашылық бөлімі",
        "табиғи ресурстар және табиғат пайдалануды реттеу басқармасы",
    ),
    "emergency": ("төтенше жағдайлар бөлімі", "төтенше жағдайлар департаменті"),
    "digital": ("әкімінің аппараты", "цифрлық технологиялар басқармасы"),
}
