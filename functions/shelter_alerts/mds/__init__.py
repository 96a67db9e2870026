"""MDS 2.0 Agency: fleets' registrations, telemetry, events and stops."""
