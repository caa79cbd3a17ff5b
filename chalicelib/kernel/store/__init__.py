"""What stores and tells: tables, conditional writes, pages, streams, facts, queues."""
