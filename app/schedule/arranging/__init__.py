"""What the organiser does with the draft: arrange, compute, publish."""
