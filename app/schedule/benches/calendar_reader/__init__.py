"""A program that reads when the owner of a calendar file is busy; `app.confined` runs it.

It imports nothing of the application, and its own modules by their place beside each other.
"""
