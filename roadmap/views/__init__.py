"""Pages of the roadmap."""

from roadmap.views.home import home

__all__ = ["home"]
