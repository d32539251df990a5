"""The machine's door: every figure of a branch's year, counted or summed from rows, by its key.

`manage.py figures`, `/figures.json` and the documents read this one function.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.provenance import Sourced
from branches.choices import Permission
from branches.dashboards.organisation import organisation_numbers, sources_of
from branches.dashboards.projects import indicator_years
from branches.dashboards.reception import ReceptionCounts, reception_counts
from branches.metrics import Share
from branches.models import Branch, PartyProject, User
from roadmap.choices import Status, Unit, Verdict
from roadmap.dashboards.control import ControlCounts, control_counts, scope_of
from roadmap.metrics import Tally
from roadmap.models import IndicatorFact, Measure, MeasureIndicator, Roadmap, Verification


@dataclass(frozen=True)
class Figure:
    """One figure: a share (`part` of `whole`, `percent`) or a `value` in a `unit`, with where it comes from."""

    key: str
    label: str
    part: int | Decimal | None = None
    whole: int | Decimal | None = None
    percent: Decimal | None = None
    value: Decimal | None = None
    unit: str = ""
    qualifier: str = ""
    as_of: dt.date | None = None
    source: str = ""

    def as_text(self) -> dict[str, Any]:
        """The same with decimals and the day written out, as JSON and CSV give them."""
        row = asdict(self)
        for name in ("percent", "value"):
            row[name] = None if row[name] is None else f"{row[name]:f}"
        for name in ("part", "whole"):
            if isinstance(row[name], Decimal):
                row[name] = int(row[name]) if row[name] == int(row[name]) else f"{row[name]:f}"
        row["as_of"] = self.as_of.isoformat() if self.as_of else None
        return row


FLAG_LABELS = {
    "confirmed": _("confirmed on site"),
    "overdue": _("overdue"),
    "at_risk": _("at risk"),
    "stale": _("report older than 30 days"),
}


# Units of control's figures, in words of the machine's door.
SITES, RECOMMENDATIONS, PROPOSALS = "sites under a control post", "recommendations", "proposals"
REQUESTS, RESIDENTS = "requests", "residents"


def figures(*, branch: Branch, year: int, day: dt.date, stale_after: int, reader: User | None = None) -> list[Figure]:
    """All figures of one branch and year, as known on `day`: the one place where each key gets its number.

    Those of a roadmap are given while there is one of that year; the others, which need none, while anything of theirs
    is entered by `day`. A regional branch's are those of its own roadmap and, of all else, of its whole region: of the
    branches in it whose overview `reader` may open, where somebody reads; no sum is wider than what pages show them.
    """
    branches = Branch.objects.filter(pk__in=scope_of(branch))
    branches = list(branches.for_user(reader, Permission.OVERVIEW) if reader else branches)
    scope, when = [each.pk for each in branches], {"year": year, "day": day}
    return [
        *_roadmap(branch, year, day, stale_after),
        *_control(control_counts(branch=branch, scope=scope, **when), day),
        *_reception(reception_counts(branch=branch, scope=scope, **when), day),
        *_projects(branches, year, day),
        *_organisation(branches, year, day),
    ]


def _roadmap(branch: Branch, year: int, day: dt.date, stale_after: int) -> list[Figure]:
    """Classes and flags of the roadmap's measures, and what its keyed indicators had reached."""
    roadmap = Roadmap.objects.filter(branch=branch, year=year).in_force(day).first()
    if roadmap is None:
        return []
    measures = Measure.objects.filter(roadmap=roadmap).as_of(day, stale_after)
    tally = Tally.of(measures.counted_by())
    counted = {
        "roadmap.done": (Status.DONE.label, tally.claimed.part),
        "roadmap.confirmed": (FLAG_LABELS["confirmed"], tally.confirmed_count),
        **{
            f"roadmap.{status.value}": (status.label, tally.count(status))
            for status in Status
            if status is not Status.DONE
        },
        "roadmap.overdue": (FLAG_LABELS["overdue"], tally.overdue),
        "roadmap.at_risk": (FLAG_LABELS["at_risk"], tally.at_risk),
        "roadmap.stale": (FLAG_LABELS["stale"], tally.stale),
    }
    shares = [
        Figure(
            key=key,
            label=str(label),
            part=part,
            whole=tally.whole,
            percent=Share(part, tally.whole).percent,
            unit="measures",
            as_of=day,
            source=roadmap.source,
        )
        for key, (label, part) in counted.items()
    ]
    return shares + _indicators(roadmap, day)


def _control(counts: ControlCounts, day: dt.date) -> list[Figure]:
    """What control and councils did; nothing of a year in which nothing of theirs is entered."""
    asked, proposed = counts.recommendations, counts.proposals
    found: dict[str, tuple[str | Promise, int | Share, str]] = {
        "control.meetings": (_("Meetings of party control commissions"), counts.meetings, "meetings"),
        "control.posts": (_("Control posts"), counts.posts, "posts"),
        "control.open_posts": (_("Control posts that are still open"), counts.open_posts, "posts"),
        "control.visits": (_("Visits to sites"), counts.visits, "visits"),
        "control.sites_commissioned": (_("Sites commissioned, of those under a post"), counts.sites, SITES),
        "control.sites_with_defects": (
            _("Sites commissioned with defects"),
            Share(counts.sites_with_defects, counts.sites.whole),
            SITES,
        ),
        "control.recommendations_done": (_("Recommendations of control, done"), asked.done, RECOMMENDATIONS),
        "control.recommendations_verified": (
            _("Recommendations of control, done and verified"),
            asked.verified,
            RECOMMENDATIONS,
        ),
        "control.recommendations_overdue": (
            _("Recommendations of control, overdue"),
            Share(asked.overdue, asked.whole),
            RECOMMENDATIONS,
        ),
        "councils.meetings": (_("Meetings of councils"), counts.council_meetings, "meetings"),
        "councils.issues": (_("Issues that councils considered"), counts.issues, "issues"),
        "councils.proposals": (_("Proposals of councils"), proposed.whole, PROPOSALS),
        "councils.proposals_done": (_("Proposals of councils, done"), proposed.done, PROPOSALS),
        "councils.proposals_verified": (_("Proposals of councils, done and verified"), proposed.verified, PROPOSALS),
        "councils.proposals_overdue": (
            _("Proposals of councils, overdue"),
            Share(proposed.overdue, proposed.whole),
            PROPOSALS,
        ),
    }
    numbers = (said.whole if isinstance(said, Share) else said for _label, said, _unit in found.values())
    if not any(numbers):
        return []
    source = _rows_source(counts.has_samples)
    return [
        Figure(key=key, label=str(label), unit=unit, as_of=day, source=source, **_said(said))
        for key, (label, said, unit) in found.items()
    ]


def _reception(counts: ReceptionCounts, day: dt.date) -> list[Figure]:
    """Citizens' requests of the year, and the receptions within each party project."""
    source = _rows_source(counts.has_samples)
    found: dict[str, tuple[str | Promise, int | Share, str]] = {}
    if counts.registered:
        found |= {
            "reception.registered": (_("Requests registered"), counts.registered, REQUESTS),
            "reception.positive_of_registered": (
                _("Requests resolved positively, of those registered"),
                counts.positive_of_registered,
                REQUESTS,
            ),
            "reception.positive_of_closed": (
                _("Requests resolved positively, of those closed"),
                counts.positive_of_closed,
                REQUESTS,
            ),
            "reception.overdue": (_("Requests overdue"), Share(counts.overdue, counts.registered), REQUESTS),
            "reception.mandates": (_("Voters' mandates"), counts.mandates, "mandates"),
        }
    for project in counts.projects:
        key, name = f"reception.{project.key}", project.name
        found |= {
            f"{key}.events": (_("%(project)s: receptions") % {"project": name}, project.events, "receptions"),
            f"{key}.residents": (_("%(project)s: residents") % {"project": name}, project.residents, RESIDENTS),
            f"{key}.helped": (_("%(project)s: residents helped") % {"project": name}, project.helped, RESIDENTS),
            f"{key}.legal_support": (
                _("%(project)s: legal support, of those helped") % {"project": name},
                project.supported,
                RESIDENTS,
            ),
        }
    return [
        Figure(key=key, label=str(label), unit=unit, as_of=day, source=source, **_said(said))
        for key, (label, said, unit) in found.items()
    ]


def _projects(branches: Sequence[Branch], year: int, day: dt.date) -> list[Figure]:
    """Indicators of party projects: the fact, with its plan where one is told; and the plan by itself."""
    years = indicator_years(branches=branches, year=year, day=day)
    if not any(part.told for told in years for part in told.branches):
        return []
    listed = list(PartyProject.objects.valid_in(year))
    found = [
        Figure(
            key="projects.count",
            label=str(_("Party projects")),
            value=Decimal(len(listed)),
            unit="projects",
            as_of=day,
            source="; ".join(sources_of(listed)),
        )
    ]
    for told in years:
        key, name = f"projects.{told.indicator.key}", told.indicator.name
        common = {"unit": told.indicator.unit, "as_of": day}
        if told.fact is not None:
            exact = told.percent is not None and not told.qualifier
            fact, plan = _plain(told.fact), _plain(told.plan) if exact else None
            said = {"part": fact, "whole": plan, "percent": told.percent} if exact else {"value": fact}
            found.append(
                Figure(
                    key=key,
                    label=name,
                    qualifier=told.qualifier.replace("_", " "),
                    source="; ".join(told.sources),
                    **said,
                    **common,
                )
            )
        if told.plan is not None:
            label = str(_("%(indicator)s, plan") % {"indicator": name})
            source = "; ".join(told.plan_sources)
            found.append(Figure(key=f"{key}.plan", label=label, value=_plain(told.plan), source=source, **common))
    return found


def _organisation(branches: Sequence[Branch], year: int, day: dt.date) -> list[Figure]:
    """Branches, members, mandates, elections."""
    numbers = organisation_numbers(branches=branches, year=year, day=day)
    if numbers.members is None and not numbers.mandates.whole and not numbers.rural_akims.whole:
        return []
    factions = [row.faction for row in numbers.branches]
    elections = [election for row in numbers.branches for election in row.akim_elections]
    found: dict[str, tuple[str | Promise, int | Share | None, str, Sequence[Sourced | None]]] = {
        "organisation.regional_branches": (_("Oblast branches"), numbers.regional, "branches", ()),
        "organisation.territorial_branches": (_("Territorial branches"), numbers.territorial, "branches", ()),
        "organisation.primary_organisations": (
            _("Primary organisations"),
            numbers.primary_organisations,
            "organisations",
            numbers.told,
        ),
        "organisation.members": (_("Members"), numbers.members, "members", numbers.told),
        "organisation.mandates": (_("Mandates in maslikhats"), numbers.mandates, "mandates", factions),
        "organisation.rural_akims_elected": (_("Rural akims elected"), numbers.rural_akims, "elections", elections),
    }
    return [
        Figure(
            key=key,
            label=str(label),
            unit=unit,
            qualifier=numbers.qualifier.replace("_", " ") if key == "organisation.members" else "",
            as_of=day,
            source="; ".join(sources_of(rows)) or _rows_source(has_samples=False),
            **_said(said),
        )
        for key, (label, said, unit, rows) in found.items()
        if said is not None and (not isinstance(said, Share) or said.whole)
    ]


def _rows_source(has_samples: bool) -> str:
    """What figures that are counted from rows come from."""
    return str(_("rows of this program, sample data") if has_samples else _("rows of this program"))


def _said(said: int | Share) -> dict[str, Any]:
    """A share with its parts, or a plain count, as fields of a Figure."""
    if isinstance(said, Share):
        return {"part": said.part, "whole": said.whole, "percent": said.percent}
    return {"value": Decimal(said)}


def _indicators(roadmap: Roadmap, day: dt.date) -> list[Figure]:
    """What keyed indicators of a roadmap had reached: quantities summed over rows, a level as its last row has it.

    What a report said that control refuted is not counted.
    """
    refuted = Verification.objects.known_on(day).filter(verdict=Verdict.REFUTES)
    last = (
        IndicatorFact.objects.filter(indicator=OuterRef("pk"), report__entered_on__lte=day)
        .exclude(report__in=refuted.values("report"))
        .order_by("-id")
    )
    rows = (
        MeasureIndicator.objects.filter(measure__roadmap=roadmap)
        .exclude(key="")
        .annotate(fact=Subquery(last.values("value")[:1]), fact_qualifier=Subquery(last.values("qualifier")[:1]))
        .exclude(fact=None)
        .order_by("key", "measure__position", "position")
    )
    found: dict[str, list[MeasureIndicator]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return [
        Figure(
            key=f"measure.{key}",
            label=group[0].name,
            value=_plain(
                group[-1].fact if group[0].unit == Unit.PERCENT else sum((row.fact for row in group), Decimal())
            ),
            unit=group[0].unit.replace("_", " "),
            qualifier=next((row.fact_qualifier.replace("_", " ") for row in group if row.fact_qualifier), ""),
            as_of=day,
            source="; ".join(dict.fromkeys(row.source for row in group if row.source)),
        )
        for key, group in found.items()
    ]


def _plain(value: Decimal) -> Decimal:
    """The same number without idle zeros: 866.8, 15."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
