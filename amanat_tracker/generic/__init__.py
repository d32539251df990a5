"""What every app may build on: page kinds, append-only rows, names, provenance."""
