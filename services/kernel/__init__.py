"""What every service stands on: events, their store, their way to Kafka and back, time. Knows no business word."""
