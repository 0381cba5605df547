"""The published schedule in the formats that other programs read."""
