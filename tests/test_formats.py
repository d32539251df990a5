"""How figures and dates are written in the three languages, as filters in templates and as plain functions."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import engines
from django.utils import formats, translation

from amanat_tracker.templatetags import figures

NBSP = "\u00a0"
LAST_DAY = datetime.date(2024, 12, 31)
MONTHS = [datetime.date(2026, number, 22) for number in range(1, 13)]


@pytest.fixture(params=["kk", "ru", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


def render(source: str, **context) -> str:
    return engines["django"].from_string(source).render(context)


def in_language(code: str, function, *args):
    with translation.override(code):
        return str(function(*args))


@pytest.mark.parametrize(
    ("value", "kk", "en"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1944, f"1{NBSP}944", "1,944"),
        (1_234_567, f"1{NBSP}234{NBSP}567", "1,234,567"),
        (-1944, f"−1{NBSP}944", "−1,944"),
        (Decimal("866.80"), "866,8", "866.8"),
        (Decimal("0.5"), "0,5", "0.5"),
        (Decimal("100.00"), "100", "100"),
        (Decimal("1E+3"), f"1{NBSP}000", "1,000"),
        (Decimal("11210.25"), f"11{NBSP}210,25", "11,210.25"),
        (2.5, "2,5", "2.5"),
        (None, "—", "—"),
    ],
)
def test_numbers(value, kk, en):
    assert in_language("kk", figures.num, value) == in_language("ru", figures.num, value) == kk
    assert in_language("en", figures.num, value) == en


@pytest.mark.parametrize(
    ("value", "written"),
    [(9, "+9"), (-3, "−3"), (0, "0"), (Decimal("9.10"), "+9,1"), (1200, f"+1{NBSP}200"), (None, "—")],
)
def test_changes_show_their_sign(value, written):
    assert in_language("kk", figures.signed, value) == written


def test_percentages():
    assert in_language("kk", figures.pct, Decimal("91.4")) == f"91,4{NBSP}%"
    assert in_language("ru", figures.pct, Decimal("91.4")) == f"91,4{NBSP}%"
    assert in_language("en", figures.pct, Decimal("91.4")) == f"91.4{NBSP}%"
    assert in_language("kk", figures.pct, Decimal("100.0")) == f"100{NBSP}%"
    assert in_language("kk", figures.pct, Decimal("0.0")) == f"0{NBSP}%"
    assert in_language("kk", figures.pct, None) == "—"


@pytest.mark.parametrize(
    ("sum_", "kk", "ru", "en"),
    [
        (0, "0 теңге", "0 тенге", "KZT 0"),
        (999, "999 теңге", "999 тенге", "KZT 999"),
        (950_000, "950 мың теңге", "950 тыс. тенге", "KZT 950 thousand"),
        (999_949, "999,9 мың теңге", "999,9 тыс. тенге", "KZT 999.9 thousand"),
        (999_950, "1 млн теңге", "1 млн тенге", "KZT 1 million"),
        (661_400_000, "661,4 млн теңге", "661,4 млн тенге", "KZT 661.4 million"),
        (661_450_000, "661,5 млн теңге", "661,5 млн тенге", "KZT 661.5 million"),
        (2_500_000_000, "2,5 млрд теңге", "2,5 млрд тенге", "KZT 2.5 billion"),
        (-5_500_000, "−5,5 млн теңге", "−5,5 млн тенге", "KZT −5.5 million"),
        (1_200 * 10**12, f"1{NBSP}200 трлн теңге", f"1{NBSP}200 трлн тенге", "KZT 1,200 trillion"),
        (None, "—", "—", "—"),
    ],
)
def test_sums_of_money(sum_, kk, ru, en):
    written = [in_language(code, figures.tenge, sum_) for code in ("kk", "ru", "en")]
    assert written == [text.replace(" ", NBSP) for text in (kk, ru, en)]


def test_endings_are_kazakh_only():
    assert in_language("kk", figures.ending, 106) == "106-сы"
    assert in_language("kk", figures.ending, 37, "dative") == "37-сіне"
    assert in_language("ru", figures.ending, 11_210) == f"11{NBSP}210"
    assert in_language("en", figures.ending, 106) == "106"
    assert in_language("kk", figures.ending, None) == "—"


def test_how_exactly_a_number_was_said():
    assert in_language("kk", figures.as_said, 46_000, "more_than") == f"46{NBSP}000-нан астам"
    assert in_language("kk", figures.as_said, Decimal("866.80"), "almost") == "866,8-ге жуық"
    assert in_language("ru", figures.as_said, 46_000, "more_than") == f"более 46{NBSP}000"
    assert in_language("en", figures.as_said, 46_000, "almost") == "almost 46,000"
    assert in_language("kk", figures.as_said, 46_000, "") == f"46{NBSP}000"
    assert in_language("kk", figures.as_said, None, "more_than") == "—"


def test_part_of_whole():
    assert in_language("kk", figures.part_of_whole, 106, 116, "шараның") == "116 шараның 106-сы"
    assert in_language("ru", figures.part_of_whole, 106, 116, "мероприятий") == "106 из 116 мероприятий"
    assert in_language("en", figures.part_of_whole, 106, 116, "measures") == "106 of 116 measures"


@pytest.mark.parametrize(
    ("number", "kk", "ru", "en"),
    [
        (1, "1 күн", "1 день", "1 day"),
        (2, "2 күн", "2 дня", "2 days"),
        (11, "11 күн", "11 дней", "11 days"),
        (14, "14 күн", "14 дней", "14 days"),
        (31, "31 күн", "31 день", "31 days"),
        (1200, f"1{NBSP}200 күн", f"1{NBSP}200 дней", "1,200 days"),
    ],
)
def test_days(number, kk, ru, en):
    written = [in_language(code, figures.days, number) for code in ("kk", "ru", "en")]
    assert written == [text.replace(" ", NBSP) for text in (kk, ru, en)]


def test_long_days():
    assert in_language("kk", figures.long_day, LAST_DAY) == "2024 ж. 31 желтоқсан"
    assert in_language("ru", figures.long_day, LAST_DAY) == "31 декабря 2024 г."
    assert in_language("en", figures.long_day, LAST_DAY) == "31 December 2024"


def test_every_month_in_a_kazakh_date():
    with translation.override("kk"):
        written = [figures.long_day(day) for day in MONTHS]
    assert written == [
        f"2026 ж. 22 {name}"
        for name in (
            "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
            "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
        )
    ]  # fmt: skip


def test_short_days_are_the_same_everywhere(language):
    assert figures.short_day(LAST_DAY) == "31.12.2024"
    assert figures.short_day(None) == figures.long_day(None) == "—"


def test_days_of_the_week_stand_inside_a_sentence():
    written = {code: in_language(code, figures.weekday, LAST_DAY) for code in ("kk", "ru", "en")}
    assert written == {"kk": "сейсенбі", "ru": "вторник", "en": "Tuesday"}


def test_short_months():
    written = {code: [in_language(code, figures.month, day) for day in MONTHS] for code in ("kk", "ru", "en")}
    assert written["kk"] == ["қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"]
    assert written["ru"] == ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
    assert written["en"] == ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert in_language("kk", figures.month, 12) == "жел"


def test_a_moment_is_written_in_local_time(settings):
    late = datetime.datetime(2024, 12, 31, 20, 30, tzinfo=datetime.UTC)  # 1 January, 01:30 in Kyzylorda
    with translation.override("kk"):
        assert render("{{ moment|short_day }}; {{ moment|long_day }}; {{ moment }}", moment=late) == (
            "01.01.2025; 2025 ж. 1 қаңтар; 2025 ж. 1 қаңтар, 01:30"
        )


def test_every_filter_needs_no_load_in_a_template():
    source = (
        "{{ n|num }} {{ n|ending }} {{ up|signed }} {{ share|pct }} {{ sum|tenge }} {{ n|days }} {{ day|long_day }} "
        "{{ day|short_day }} {{ day|month }} {% part_of_whole 106 116 'шараның' %}"
    )
    with translation.override("kk"):
        text = render(source, n=1944, up=9, share=Decimal("91.4"), sum=661_400_000, day=LAST_DAY)
    assert text.replace(NBSP, " ") == (
        "1 944 1 944-і +9 91,4 % 661,4 млн теңге 1 944 күн 2024 ж. 31 желтоқсан 31.12.2024 жел 116 шараның 106-сы"
    )


def test_part_of_whole_escapes_its_words():
    with translation.override("en"):
        assert render("{% part_of_whole 1 2 things %}", things="<b>") == "1 of 2 &lt;b&gt;"


def test_a_year_is_not_grouped(language):
    assert render("{{ year }} {{ year|num }}", year=2024) == "2024 " + figures.num(2024) != "2024 2024"


def test_dates_in_templates_are_localised():
    source = "{{ day }}|{{ day|date:'MONTH_DAY_FORMAT' }}|{{ day|date:'YEAR_MONTH_FORMAT' }}"
    written = {}
    for code in ("kk", "ru", "en"):
        with translation.override(code):
            written[code] = render(source, day=LAST_DAY)
    assert written == {
        "kk": "2024 ж. 31 желтоқсан|31 желтоқсан|2024 ж. желтоқсан",
        "ru": "31 декабря 2024 г.|31 декабря|Декабрь 2024 г.",
        "en": "31 December 2024|31 December|December 2024",
    }


def test_the_week_begins_on_monday(language):
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize("typed", ["31.12.2024", "31.12.24", "2024-12-31"])
def test_dates_are_read_as_people_and_browsers_write_them(language, typed):
    assert forms.DateField().clean(typed) == LAST_DAY


@pytest.mark.parametrize("typed", ["12/31/2024", "31.13.2024", "кеше"])
def test_other_dates_are_refused(language, typed):
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean(typed)


class DeadlineForm(forms.Form):
    """A form as the project writes them: the browser's own date field, which speaks ISO only."""

    deadline = forms.DateField(localize=True, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    share = forms.DecimalField(localize=True)


def test_a_date_field_of_the_browser_gets_iso(language):
    assert 'value="2024-12-31"' in str(DeadlineForm(initial={"deadline": LAST_DAY})["deadline"])
    assert DeadlineForm({"deadline": "2024-12-31", "share": "1"}).is_valid()


@pytest.mark.parametrize(
    ("code", "typed"), [("kk", "866,8"), ("kk", "866.8"), ("ru", "866,8"), ("ru", "866.8"), ("en", "866.8")]
)
def test_decimals_are_read_with_a_comma_and_with_a_point(code, typed):
    with translation.override(code):
        form = DeadlineForm({"deadline": "2024-12-31", "share": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["share"] == Decimal("866.8")
