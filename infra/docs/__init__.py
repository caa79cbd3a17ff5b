"""Documents that are made from the code: `.venv/bin/python -m infra.docs` writes them."""
