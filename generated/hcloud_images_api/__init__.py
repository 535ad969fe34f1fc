"""A client library for accessing Hetzner Cloud API, images part"""
