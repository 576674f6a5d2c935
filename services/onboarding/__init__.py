"""Whose bank account a beneficiary is paid to.

Owns accounts as the bank tells of them. Publishes `onboarding.events`. Consumes `registry.events` (who the people are,
whom they want to be paid to) and `disbursement.events` (payments to an account that failed).
"""
