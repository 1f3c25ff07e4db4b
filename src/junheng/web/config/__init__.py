"""Settings, routes and the WSGI entry of the platform."""
