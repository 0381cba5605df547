"""Scoring of presentations: judges' sheets, recusal, locks, and the exact ranking."""
