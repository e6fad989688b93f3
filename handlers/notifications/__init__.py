"""Mails to the customer."""
