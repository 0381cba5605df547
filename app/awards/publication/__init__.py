"""What follows a published result: objections, the decree that makes it final, its withdrawal."""
