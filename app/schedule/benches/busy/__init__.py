"""Reading when somebody is busy from their own calendar file, however hostile it is."""
