"""The few requests of the page that need the server."""
