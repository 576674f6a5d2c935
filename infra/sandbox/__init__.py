"""The made-up outside world: a population as the communes' workbooks, a bank that answers, one month played through."""
