"""A program that reads when the owner of a calendar file is busy; `app.confined` runs it.

It imports nothing from the application, and its own modules only relatively.
"""
