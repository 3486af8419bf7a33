"""What people do: one module for each group of commands, discovered by the registry."""
