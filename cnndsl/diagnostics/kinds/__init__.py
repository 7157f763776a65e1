"""Every kind of error, once, a module for each phase; :mod:`cnndsl.diagnostics.catalogue` has all of them."""
