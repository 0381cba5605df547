"""What every page shares: access, page or partial, language, errors, security headers."""
