"""Mail: an outbox, written in the transaction of what it reports, and its delivery."""
