"""Users, sign-in and the home page: signs the tokens that every service checks, and shows what waits for whom.

Publishes nothing; consumes `tasks`, the services' own counts of what waits.
"""
