"""Words that all services share and none owns: administrative areas in time, programmes and the items of Form 2."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the templates and texts lie that pages of several services share."""
