"""Finance: settlements, reconciliation, liability, invoices."""
