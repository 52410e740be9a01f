"""What pages are made of; `frame` says how a page is written."""
