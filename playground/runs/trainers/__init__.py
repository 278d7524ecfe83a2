"""The processes that train, and who watches over them."""
