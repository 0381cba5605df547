"""Editions as data: organisation, agencies, stages, criteria, roles; the rules of one year."""
