"""What every page stands on: the layout, its words, the signed-in person, posted forms. Knows no business word."""
