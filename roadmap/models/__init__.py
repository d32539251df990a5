"""The promises: programme, roadmaps, measures, and everything that was said and seen of them."""

from roadmap.models.history import DeadlineChange, Evidence, IndicatorFact, StatusReport, Verification
from roadmap.models.measures import FundingLine, Measure, MeasureIndicator
from roadmap.models.programme import Direction, Programme, Roadmap

__all__ = [
    "DeadlineChange",
    "Direction",
    "Evidence",
    "FundingLine",
    "IndicatorFact",
    "Measure",
    "MeasureIndicator",
    "Programme",
    "Roadmap",
    "StatusReport",
    "Verification",
]
