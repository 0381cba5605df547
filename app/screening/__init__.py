"""Screening: eligibility, conflicts of interest, score sheets, decisions and their announcement.

A score sheet is the same thing at the desk and in the hall, so it lives here and `scoring` builds
on it: imports follow the workflow.
"""
