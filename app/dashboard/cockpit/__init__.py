"""Where a competition stands: one page for organisers, the chair and observers."""
