"""Screening: eligibility, assignment of evaluators, decisions and their announcement.

A score sheet is the same thing at the desk and in the hall, so it lives in `evaluation`, on which
`scoring` builds too: imports follow the workflow.
"""
