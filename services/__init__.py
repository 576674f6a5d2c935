"""An Sinh: four services that pay social welfare without cash, and the portal in front of them."""
