"""The base of every context: errors, HTTP, conditional writes, time, ids, secrets, facts."""
