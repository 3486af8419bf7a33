"""What the picture is: pure values, no input or output, no clock, no settings."""
