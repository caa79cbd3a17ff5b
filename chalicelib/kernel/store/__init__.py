"""Storage and messages: tables, conditional writes, pages, streams, facts, queues."""
