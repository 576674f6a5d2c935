"""Portal: access tokens and the front page. Owns no business fact; no service asks it anything."""
