"""Orders: quoted, placed in one transaction, reviewed, shipped, or handed out as codes."""
