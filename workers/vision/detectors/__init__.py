"""What counts people in frames; each detector is one file."""
