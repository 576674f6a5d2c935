"""Messages of ISO 20022 that banks send (camt.053, camt.054, pain.002) and get (pain.001), streamed both ways."""
