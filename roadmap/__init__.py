"""The promises and the control over them: programme, roadmaps, measures, dashboards."""
