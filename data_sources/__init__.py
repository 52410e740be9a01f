"""Upstream to warehouse to release: sources, readers, checks, the warehouse and what is published from it."""
