"""Measures that the two texts name, with the sums and quantities they print.

Of executors the texts say little and of days nothing: the akimat stands for the former, the last day of the year for
the latter. What had to be invented beside a published fact (the baseline of wear) is marked in its own row.
"""

from dataclasses import dataclass

from roadmap.choices import BetterWhen, Budget, Status, Unit
from roadmap.management.demonstration.reference import OBLAST
from roadmap.management.demonstration.sources import BRIEFING, VISIT
from roadmap.management.demonstration.works import Kind


@dataclass(frozen=True)
class Quantity:
    """An indicator of a named measure; `fact` is what the text prints."""

    key: str
    name: str
    unit: Unit
    fact: str = ""
    plan: str = ""
    better: BetterWhen = BetterWhen.HIGHER
    sample_baseline: str = ""


@dataclass(frozen=True)
class Sum:
    """Money that the text prints, and its words."""

    budget: Budget
    wording: str
    planned: int | None = None
    allocated: int | None = None


@dataclass(frozen=True)
class Named:
    """A measure that a text names."""

    direction: str
    group: int
    title: str
    kind: Kind
    executor: str
    source: str
    note: str
    status: Status = Status.DONE
    quantities: tuple[Quantity, ...] = ()
    money: tuple[Sum, ...] = ()
    locality: tuple[str, str] | None = None


AKIMAT = "Қызылорда облысының әкімдігі"
CITY_AKIMAT = "Қызылорда қаласының әкімдігі"
DISTRICT_AKIMAT = "Сырдария ауданының әкімдігі"

NAMED: dict[tuple[str, int], tuple[Named, ...]] = {
    (OBLAST, 2024): (
        Named(
            "housing",
            1,
            "16 кредиттік тұрғын үй салу",
            Kind.BUILD,
            AKIMAT,
            BRIEFING,
            "16 үйдің, барлығы 904 пәтердің құрылысы жүргізілді.",
            quantities=(
                Quantity("credit_houses", "Кредиттік тұрғын үйлер", Unit.HOUSES, "16"),
                Quantity("credit_flats", "Кредиттік үйлердегі пәтерлер", Unit.FLATS, "904"),
            ),
        ),
        Named(
            "housing",
            1,
            "Қызылорда қаласының сол жағалауында 7 қабатты, 84 пәтерлі 6 тұрғын үйді пайдалануға беру",
            Kind.BUILD,
            CITY_AKIMAT,
            BRIEFING,
            "84 пәтерлі 6 үй пайдалануға берілді.",
            quantities=(Quantity("left_bank_houses", "Пайдалануға берілген үйлер", Unit.HOUSES, "6"),),
        ),
        Named(
            "housing",
            1,
            "Тұрғын үй кезегіндегі әлеуметтік осал топтар үшін пәтер сатып алу",
            Kind.SERVE,
            AKIMAT,
            BRIEFING,
            "1\u00a0944 пәтер сатып алынды.",
            quantities=(Quantity("purchased_flats", "Сатып алынған пәтерлер", Unit.FLATS, "1944"),),
        ),
        Named(
            "housing",
            1,
            "Қызылорда қаласында жалғыз баспанасы апатты деп танылған азаматтарға пәтер беру",
            Kind.SERVE,
            CITY_AKIMAT,
            BRIEFING,
            "123 пәтер тапсырылды.",
            quantities=(Quantity("emergency_replacement_flats", "Тапсырылған пәтерлер", Unit.FLATS, "123"),),
        ),
        Named(
            "housing",
            1,
            "Облыс бойынша тұрғын үйді пайдалануға беру",
            Kind.BUILD,
            AKIMAT,
            BRIEFING,
            "866,8 мың шаршы метр тұрғын үй пайдалануға берілді.",
            quantities=(
                Quantity("housing_commissioned", "Пайдалануға берілген тұрғын үй алаңы", Unit.THOUSAND_M2, "866.8"),
            ),
        ),
        Named(
            "housing",
            2,
            "Елді мекендерді табиғи газға қосу",
            Kind.LINE,
            AKIMAT,
            BRIEFING,
            "15 елді мекенде газдандыру жұмыстары жүргізілді.",
            quantities=(Quantity("gasified_settlements", "Газдандырылған елді мекендер", Unit.SETTLEMENTS, "15"),),
        ),
        Named(
            "housing",
            2,
            "Ауылдарды көгілдір отынмен қамту деңгейін арттыру",
            Kind.LINE,
            AKIMAT,
            BRIEFING,
            "Ауылдарды газбен қамту деңгейі 78\u00a0%-ға жетті.",
            quantities=(Quantity("village_gas_coverage", "Ауылдарды газбен қамту деңгейі", Unit.PERCENT, "78"),),
        ),
        Named(
            "education",
            1,
            "«Жайлы мектеп» ұлттық жобасы бойынша мектептер салу",
            Kind.BUILD,
            AKIMAT,
            BRIEFING,
            "6\u00a0900 орындық 10 мектептің құрылысы жүргізілді.",
            quantities=(
                Quantity("schools", "Мектептер", Unit.SCHOOLS, "10"),
                Quantity("school_places", "Оқушы орындары", Unit.PLACES, "6900"),
            ),
        ),
        Named(
            "health",
            1,
            "Арал ауданы Сексеуіл кентінде 40 төсекорындық ауылдық аурухана салу",
            Kind.BUILD,
            AKIMAT,
            BRIEFING,
            "40 төсекорындық аурухана тұрғындар игілігіне берілді.",
            quantities=(Quantity("rural_hospital_beds", "Төсекорындар", Unit.BEDS, "40"),),
            locality=("aral", "Сексеуіл"),
        ),
        Named(
            "culture",
            2,
            "Спорт нысандарын пайдалануға беру",
            Kind.BUILD,
            AKIMAT,
            BRIEFING,
            "4 спорт нысаны пайдалануға берілді.",
            quantities=(Quantity("sport_facilities", "Пайдалануға берілген нысандар", Unit.FACILITIES, "4"),),
        ),
    ),
    ("syrdarya", 2024): (
        Named(
            "housing",
            2,
            "Шаған ауылын электр желілерімен жабдықтау",
            Kind.LINE,
            DISTRICT_AKIMAT,
            VISIT,
            "Электр желілерімен жабдықтау жұмыстары толық аяқталды.",
            locality=("syrdarya", "Шаған"),
        ),
    ),
    ("syrdarya", 2025): (
        Named(
            "housing",
            2,
            "Н.Ілиясов ауылын газдандыру",
            Kind.LINE,
            DISTRICT_AKIMAT,
            VISIT,
            "Елді мекен табиғи газға қосылды.",
            money=(Sum(Budget.OBLAST, "661,4 млн теңге", allocated=661_400_000),),
            locality=("syrdarya", "Н.Ілиясов"),
        ),
        Named(
            "housing",
            2,
            "«Ауыл – ел бесігі» бағдарламасы аясында Қалжан ахун елді мекенін электрмен жабдықтау",
            Kind.LINE,
            DISTRICT_AKIMAT,
            VISIT,
            "Жұмыс жүріп жатыр.",
            Status.IN_PROGRESS,
            money=(Sum(Budget.OTHER, "490,5 млн теңге", planned=490_500_000),),  # the text names no budget
            locality=("syrdarya", "Қалжан ахун"),
        ),
        Named(
            "housing",
            2,
            "Аудандағы электр желілерінің тозу деңгейін 68\u00a0%-ға дейін төмендету",
            Kind.LINE,
            DISTRICT_AKIMAT,
            VISIT,
            "Тозу деңгейін төмендету жұмыстары жалғасуда.",
            Status.IN_PROGRESS,
            quantities=(
                Quantity(
                    "power_network_wear",
                    "Электр желілерінің тозуы",
                    Unit.PERCENT,
                    plan="68",
                    better=BetterWhen.LOWER,
                    sample_baseline="74.5",
                ),
            ),
        ),
    ),
}
