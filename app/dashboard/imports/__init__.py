"""What can be taken in as a table: a module for each, previewed and then applied whole."""
