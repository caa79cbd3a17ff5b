"""Documents that are made from the code: `python -m infra.docs` writes them."""
