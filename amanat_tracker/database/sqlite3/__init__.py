"""SQLite that knows the Kazakh alphabet (``ENGINE = "amanat_tracker.database.sqlite3"``)."""
