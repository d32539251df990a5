"""The demonstration: what the two published texts say, and invented rows around it that make it countable.

Everything here is plain data and pure functions; `manage.py build_fixtures` writes them to fixtures/. The same program
writes the same bytes on any day. Rows that nobody published are marked: `is_sample`, and a source that says so.

reference, localities, people: what stands from the beginning. works*, titles, life, roadmaps: the promises. control*:
party control and councils. work_*: projects, reception, the organisation, and where requests meet the former two.
"""
