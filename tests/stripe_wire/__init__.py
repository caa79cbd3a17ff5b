"""Claims about the provider on this machine, and about our gateway to it."""
