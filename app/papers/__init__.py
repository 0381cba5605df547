"""Papers: the official documents of a competition, set as PDF from frozen data."""
