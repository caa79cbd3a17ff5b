from .actions.erasure import erase_of as erase_of
from .queries.invoices import has_open_invoices as has_open_invoices
from .routes.personal import export_of as export_of
