"""A program that reads a CSV or XLSX file in a process of its own (`spreadsheets.py` runs it)."""
