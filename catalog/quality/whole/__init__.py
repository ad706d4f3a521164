"""What only the catalogue as a whole can show: spelling, hosts, headings."""
