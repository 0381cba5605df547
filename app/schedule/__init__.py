"""The schedule: slots made from the settings, picking, placing, publishing."""
