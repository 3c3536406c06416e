"""`python -m keywright`."""

import sys

from keywright.commands.main import main

sys.exit(main())
