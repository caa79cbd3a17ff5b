"""`python -m infra.local` runs the stack until Ctrl-C."""

from infra.local.supervisor import main

raise SystemExit(main())
