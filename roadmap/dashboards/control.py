"""What party control and councils did in a year, counted from rows; read by the overview, the figures and documents."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from branches.metrics import Share
from branches.models import Branch
from roadmap.choices import BodyKind, SiteState
from roadmap.dashboards.links import control_url
from roadmap.metrics import FollowUp
from roadmap.models import AgendaItem, ControlPost, Meeting, Recommendation, Site, SiteVisit


@dataclass(frozen=True)
class ControlCounts:
    """A year of control and councils as known on a day.

    Sites are those over which a post stood at some time of the year; `sites` is how many of them are commissioned.
    Meetings and visits are of the year in which they were held, recommendations of the year in which they were issued.
    """

    sites: Share = field(default_factory=lambda: Share(0, 0))
    sites_with_defects: int = 0
    posts: int = 0
    open_posts: int = 0
    visits: int = 0
    meetings: int = 0
    recommendations: FollowUp = field(default_factory=FollowUp)
    council_meetings: int = 0
    issues: int = 0
    proposals: FollowUp = field(default_factory=FollowUp)
    has_samples: bool = False
    urls: Mapping[str, str] = field(default_factory=dict)


def scope_of(branch: Branch) -> list[int]:
    """The branches whose control an overview of `branch` counts: of a regional one, all branches of its region.

    Unlike roadmaps, which are never added up across levels, sites, meetings and recommendations are each branch's own:
    the oblast's figure is their sum.
    """
    return list(Branch.objects.within(branch).values_list("pk", flat=True))


def control_counts(*, branch: Branch, scope: Collection[int], year: int, day: dt.date) -> ControlCounts:
    """Count the control of the branches `scope` (primary keys) in a year, as known on `day`. Six queries."""
    year_days = (dt.date(year, 1, 1), dt.date(year, 12, 31))
    sites = list(
        Site.objects.filter(branch__in=scope)
        .as_of(day)
        .under_post_in(year, day)
        .order_by()
        .values("day_state", "is_commissioned", "is_sample")
        .annotate(n=Count("pk"))
    )
    posts = list(
        ControlPost.objects.filter(branch__in=scope)
        .as_of(day)
        .stood_in(year, day)
        .order_by()
        .values("is_open", "is_sample")
        .annotate(n=Count("pk"))
    )
    held = Meeting.objects.as_of(day).filter(body__branch__in=scope, held_on__range=year_days).order_by()
    meetings = list(held.values("body__kind", "is_sample").annotate(n=Count("pk")))
    visits = list(
        SiteVisit.objects.known_on(day)
        .filter(site__branch__in=scope, visited_on__range=year_days)
        .order_by()
        .values("is_sample")
        .annotate(n=Count("pk"))
    )
    issued = list(
        Recommendation.objects.filter(branch__in=scope)
        .as_of(day)
        .issued_in(year)
        .counted_by("meeting__body__kind", "is_sample")
    )
    return ControlCounts(
        sites=Share(_add_up(row for row in sites if row["is_commissioned"]), _add_up(sites)),
        sites_with_defects=_add_up(row for row in sites if row["day_state"] == SiteState.DEFECTS),
        posts=_add_up(posts),
        open_posts=_add_up(row for row in posts if row["is_open"]),
        visits=_add_up(visits),
        meetings=_add_up(row for row in meetings if row["body__kind"] == BodyKind.COMMISSION),
        recommendations=FollowUp.of(row for row in issued if row["meeting__body__kind"] != BodyKind.COUNCIL),
        council_meetings=_add_up(row for row in meetings if row["body__kind"] == BodyKind.COUNCIL),
        issues=AgendaItem.objects.filter(meeting__in=held.filter(body__kind=BodyKind.COUNCIL)).count(),
        proposals=FollowUp.of(row for row in issued if row["meeting__body__kind"] == BodyKind.COUNCIL),
        has_samples=any(row["is_sample"] for row in (*sites, *posts, *visits, *meetings, *issued)),
        urls=control_urls(branch=branch, year=year, day=day),
    )


def _add_up(rows: Iterable[Mapping[str, Any]]) -> int:
    """How many rows stand behind rows that were counted together."""
    return sum(row["n"] for row in rows)


def control_urls(*, branch: Branch, year: int, day: dt.date) -> dict[str, str]:
    """Addresses of the rows behind each of these figures, by what they are."""
    where = {"branch": branch, "year": year, "day": day}
    recommendations = {
        "done": {"done": True},
        "verified": {"verified": True},
        "unverified": {"unverified": True},
        "overdue": {"overdue": True},
        "open": {"open": True},
    }
    return {
        "sites": control_url("site_list", **where, posted=True),
        "sites_commissioned": control_url("site_list", **where, posted=True, commissioned=True),
        "sites_with_defects": control_url("site_list", **where, posted=True, state="defects"),
        "posts": control_url("post_list", **where),
        "open_posts": control_url("post_list", **where, standing=True),
        "visits": control_url("visit_list", **where),
        "meetings": control_url("meeting_list", **where),
        "recommendations": control_url("recommendation_list", **where),
        **{
            f"recommendations_{name}": control_url("recommendation_list", **where, **picked)
            for name, picked in recommendations.items()
        },
        "council_meetings": control_url("council_list", **where),
        "issues": control_url("issue_list", **where),
        "proposals": control_url("proposal_list", **where),
        **{
            f"proposals_{name}": control_url("proposal_list", **where, **picked)
            for name, picked in recommendations.items()
        },
    }
