"""Ontologies and action domains that ship with neurosym (README.md lists them), as `neurosym_ontologies`."""
