"""Long work outside the request: queued in the action's transaction, run by the worker."""
