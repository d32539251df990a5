"""What the lists can be narrowed by, one file a noun."""
