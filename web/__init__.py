"""What the doors share: settings, sessions, headers, forms, content, errors."""
