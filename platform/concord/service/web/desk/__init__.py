"""Pages for those who keep content and for those who lead: cases, what is one's own to do, and how it goes."""
