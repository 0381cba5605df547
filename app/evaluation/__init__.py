"""What both kinds of score sheet share: sheets, conflicts of interest, recusals, standings."""
