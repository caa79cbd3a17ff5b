"""Notices to members: an inbox, text messages, letters. It only consumes facts."""
