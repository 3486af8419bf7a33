"""EDXL, the OASIS messages of emergency management: DE 1.0, HAVE 1.0 and 2.0, RM 1.0, SitRep 1.0.

DE, HAVE 1.0 and RM are written so that the OASIS schemas take them. Of HAVE 2.0 and SitRep no
schema could be had: they are written by what is public of the texts, and are not schema-checked.
All are read leniently: what is understood is given together with what was not.
"""
