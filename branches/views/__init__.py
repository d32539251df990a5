"""Pages of the party's own work, and the page kinds that all lists and cards share."""
