"""Registry: who is entitled. Owns people, rights, the communes' lists and the roll; publishes what is due."""
