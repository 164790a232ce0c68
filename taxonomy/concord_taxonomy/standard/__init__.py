"""The metadata standard: `ContentItem`, references, principals and the mapping from any source record."""
