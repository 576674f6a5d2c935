"""What the services run on and against: embedded Kafka and PostgreSQL, topics, the made-up outside world."""
