"""The site as production serves it, on the day that browser tests play on."""

from amanat_tracker.wsgi import application

# Only now: time_machine knows pytest, and settings take a process that knows pytest for a test.
# isort: split
import time_machine

from tests.browser.eyes import NOON

__all__ = ["application"]

time_machine.travel(NOON, tick=True).start()
