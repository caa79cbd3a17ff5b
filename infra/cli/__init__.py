"""The commands that operators run by hand: staff accounts, keys, partners' secrets."""
