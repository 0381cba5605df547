"""What became of innovations after their competition: asked of their authors, shown to everyone."""
