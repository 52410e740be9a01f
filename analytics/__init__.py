"""Numbers and words about a release: readings, rankings, trails, sentences; no web framework, no network."""
