"""The admin listener: health, readiness, metrics and the gateway's own key set."""
