"""Template tags and filters of the site; all of them are builtins (settings.TEMPLATES), nothing needs {% load %}."""
