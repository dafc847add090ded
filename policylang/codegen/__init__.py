"""Code generation: a plan's cell in, a Python ``ast`` out, compiled and registered with ``linecache``. A *slot* is a value that one stage leaves for the next."""
