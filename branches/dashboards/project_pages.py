"""What the pages of party projects show: the year's list, and a project with its indicators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from branches.dashboards.indicator_card import IndicatorCard, Line, indicator_cards
from branches.dashboards.project_frame import Frame, indicators_of_year, projects_of_year, sets_of_projects
from branches.dashboards.projects import indicator_years
from branches.models import PartyProject


# --- the year's list -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ProjectGroup:
    """A project with its indicators, or several with those that they share."""

    projects: Sequence[PartyProject]
    urls: Sequence[str]
    lines: Sequence[Line]

    @property
    def is_joint(self) -> bool:
        """Whether its numbers are of several projects together."""
        return len(self.projects) > 1

    @property
    def linked(self) -> list[tuple[PartyProject, str]]:
        """Each project with its page."""
        return list(zip(self.projects, self.urls, strict=True))


@dataclass(frozen=True)
class ProjectsOfYear:
    """The party projects of a year."""

    frame: Frame
    count: int
    groups: Sequence[ProjectGroup]

    @property
    def lines(self) -> list[Line]:
        """All indicators, each once."""
        return [line for group in self.groups for line in group.lines]

    @property
    def sources(self) -> list[str]:
        """The documents that numbers, and the list of projects, come from."""
        told = [source for line in self.lines for source in line.told.sources]
        listed = [project.source for group in self.groups for project in group.projects if project.source]
        return list(dict.fromkeys([*listed, *told]))

    @property
    def has_samples(self) -> bool:
        """Whether sample data are among what is shown."""
        return any(line.told.has_samples for line in self.lines) or any(
            project.is_sample for group in self.groups for project in group.projects
        )


def projects_in(frame: Frame) -> ProjectsOfYear:
    """The year's list. Four queries."""
    projects, indicators = projects_of_year(frame.year), indicators_of_year(frame.year)
    told = {
        year.indicator.pk: year
        for year in indicator_years(branches=frame.branches, year=frame.year, day=frame.day, indicators=indicators)
    }
    groups = [
        ProjectGroup(
            projects=together,
            urls=[frame.url(project) for project in together],
            lines=[Line(told=told[indicator.pk], url=frame.url(indicator)) for indicator in measured],
        )
        for together, measured in sets_of_projects(projects, indicators)
    ]
    return ProjectsOfYear(frame=frame, count=len(projects), groups=groups)


# --- a project -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ProjectCard:
    """A project in a year: its indicators, and those that it shares with others."""

    frame: Frame
    project: PartyProject
    indicators: Sequence[IndicatorCard]
    partners: Mapping[int, Sequence[PartyProject]] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Whether the project ran at some time of the year."""
        return self.frame.has(self.project)

    @property
    def cards(self) -> list[tuple[IndicatorCard, Sequence[PartyProject]]]:
        """Each indicator with the other projects that it is measured of together."""
        return [(card, self.partners.get(card.indicator.pk, ())) for card in self.indicators]

    @property
    def has_samples(self) -> bool:
        """Whether sample data are among what is shown."""
        return self.project.is_sample or any(card.told.has_samples for card in self.indicators)

    @property
    def sources(self) -> list[str]:
        """The documents that its numbers come from."""
        return list(dict.fromkeys(source for card in self.indicators for source in card.told.sources))


def project_card(project: PartyProject, frame: Frame) -> ProjectCard:
    """The page of a project. Three queries."""
    indicators = list(project.indicators.prefetch_related("projects"))
    return ProjectCard(
        frame=frame,
        project=project,
        indicators=indicator_cards(indicators, frame),
        partners={
            indicator.pk: [other for other in indicator.projects.all() if other != project] for indicator in indicators
        },
    )
