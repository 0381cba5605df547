"""Mail: an outbox written in the transaction of what it tells about, and its delivery."""
