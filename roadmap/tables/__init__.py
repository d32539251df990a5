"""Tables of the lists, one file a noun."""
