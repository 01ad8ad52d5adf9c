"""The domain: requests, sealing, routing, the queue. It knows no web framework."""
