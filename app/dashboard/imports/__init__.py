"""The tables that can be imported, a module for each: previewed, then applied as a whole."""
