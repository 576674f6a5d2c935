"""Words that all services share and none owns: administrative areas in time, programmes and the items of Form 2."""
