"""Ground floor: the metadata standard, SKOS vocabularies, tagging and expansion."""
