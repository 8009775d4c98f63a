"""Ontologies and action domains that ship with neurosym; README.md lists them.  Installed as `neurosym_ontologies`."""
