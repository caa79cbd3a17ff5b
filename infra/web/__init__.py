"""The built pages: made from web/, served on this machine, uploaded to a stage."""
