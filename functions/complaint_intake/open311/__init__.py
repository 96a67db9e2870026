"""Open311 GeoReport v2: other systems' way in, in XML and JSON."""
