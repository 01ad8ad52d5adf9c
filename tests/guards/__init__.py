"""Guards: what must be true of the whole, whoever writes the next part."""
