"""What ONE page shows, gathered as dataclasses."""
