#!/bin/sh
# Makes .venv hold exactly what requirements/PROFILE.txt locks. Quick when it already does.
# Usage: scripts/setup.sh runtime|dev|spark
set -eu
cd "$(dirname "$0")/.."

if [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    exec .venv/bin/python scripts/environment.py "$1"
fi
python=$(sh scripts/find_python.sh)
exec "$python" scripts/environment.py "$1"
