"""The plan in force: loaded, verified, swapped, and the last good one kept."""
