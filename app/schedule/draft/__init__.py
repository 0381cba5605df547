"""The draft of the schedule: slots, bookings, what it depends on, and what is wrong with it."""
