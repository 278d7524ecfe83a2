"""Training runs of visitors: processes that outlive the page, and one record of each."""
