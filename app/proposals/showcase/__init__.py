"""What of a proposal everyone may see, as far as its authors agreed."""
