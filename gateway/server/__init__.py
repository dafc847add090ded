"""The server side: *listener* takes requests, *handle* is the spine, *respond* writes answers, *lifecycle* starts and stops."""
