"""Compare what sources claim: where they agree, where they conflict, and on whose evidence."""

import lazy_loader

__version__ = "0.1.0"
# The public names stand in __init__.pyi. They are fetched when first asked for: 'claimbook --help'
# need not wait for pandas, nor 'claimbook check' for matplotlib.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
