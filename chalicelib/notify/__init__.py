"""What members are told: an inbox and text messages. It listens; nobody calls it."""
