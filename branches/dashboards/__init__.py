"""What one page shows, as dataclasses."""
