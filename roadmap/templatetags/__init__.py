"""Words and marks of the roadmap in templates."""
