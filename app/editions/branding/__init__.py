"""How an organisation shows itself to the public: emblem, colour, contact and statements."""
