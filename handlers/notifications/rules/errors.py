"""Errors of sending a mail."""


class MailRefused(Exception):
    """The mail service did not take a mail, and surely will not send it."""


class MailUnsure(Exception):
    """Nobody knows whether the mail service will send a mail."""
