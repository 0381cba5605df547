"""Proposals: writing, attaching documents, submitting, withdrawing."""
