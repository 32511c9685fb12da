"""View models: what a page shows, worked out and put into words, so that templates only lay it out."""
