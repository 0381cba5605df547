"""Pages that look across stages: my work, mail, the audit trail, and the way around."""
