#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A run is stopped by SIGTERM at a hundred of its system calls; tests/signals/kills.c says what has
# to be seen. SEED=7 draws others; make check-long tries all of them. SIGKILL is left out as
# long as no run cleans up behind another.
exec "$(dirname "$CARPEL")/tests/signals/kills" --kill 0 --tries 100 --seed "${SEED-1}"
