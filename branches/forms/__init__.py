"""Forms: what every entry is made of, and those of the party's own work."""
