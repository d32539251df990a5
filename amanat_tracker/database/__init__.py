"""What the project adds to Django's databases: Kazakh order and search, and tables that only grow."""
