"""The doors: HTTP only. They never import each other."""
