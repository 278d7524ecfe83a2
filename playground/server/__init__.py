"""From flags to a running server: what stands before and around the page."""
