"""What every context stands on: errors, HTTP, conditional writes, time, ids, secrets, facts."""
