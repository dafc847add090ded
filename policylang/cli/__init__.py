"""The command line: one file a sub-command; nothing here but arguments, printing and exit codes."""
