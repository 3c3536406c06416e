"""What `keywright check` looks for, a module for each kind."""
