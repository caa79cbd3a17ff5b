"""Amazon SQS and SNS on this machine, as far as the mall uses them, durable, in one process."""
