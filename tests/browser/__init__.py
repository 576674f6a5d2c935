"""The office in a real browser, as its people use it."""
