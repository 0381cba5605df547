"""Awards: prepared from the ranking and the plenary, confirmed by a second person, published."""
