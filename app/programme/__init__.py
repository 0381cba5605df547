"""What is published of the schedule: versions, appearances, invitations."""
