"""What operators do from the command line beside running the services: one file a command."""
