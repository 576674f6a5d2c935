"""The pages of every service as browsers get them, after two made-up months."""
