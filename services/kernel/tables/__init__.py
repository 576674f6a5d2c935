"""Tables that people and banks hand in as XLSX or CSV: from bytes to rows of cells under known headings."""
