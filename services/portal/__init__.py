"""Users, sign-in and the home page: signs the tokens that every service checks. Publishes and consumes nothing."""
