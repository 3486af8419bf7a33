"""Copies of all that is kept, made while everything runs, and putting them back."""
