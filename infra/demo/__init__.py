"""`make demo`: the story of one member, told by the calls that make it."""
