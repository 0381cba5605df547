"""Pages that look across stages: my work, mail, the audit trail, navigation."""
