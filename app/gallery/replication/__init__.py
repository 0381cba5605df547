"""Others who would like to replicate an innovation: they ask, its authors answer, in the app."""
