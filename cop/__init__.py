"""The Common Operational Picture: model, store, services, API and pages."""
