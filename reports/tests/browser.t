#!/bin/sh
# See browser_test.py. Debian's Python is the one that has Debian's packages.
exec /usr/bin/python3 "$(dirname "$0")/browser_test.py"
