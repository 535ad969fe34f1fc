"""What `make bench` is made of: a server, the contenders, what is measured, and the report."""
