"""Disbursement: what is paid and settled. Owns runs, payments and the bank's answers; knows nothing of codes."""
