"""What a visit leaves in real browsers: kept profiles, closed as people close them."""
