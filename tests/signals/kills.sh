#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A run is ended by SIGTERM or SIGKILL at a hundred of its system calls; tests/signals/kills.c says
# what has to be seen. SEED=7 draws others; make check-long tries all of them.
exec "$(dirname "$CARPEL")/tests/signals/kills" --tries 100 --seed "${SEED-1}"
