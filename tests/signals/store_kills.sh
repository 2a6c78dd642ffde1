#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Loads, compactions, forgetting and runs are killed at some of their system calls; tests/signals/store_kills.c
# says what has to be seen. SEED=7 draws others; make check-long kills each 500 times.
exec "$(dirname "$CARPEL")/tests/signals/store_kills" --tries 20 --seed "${SEED-1}"
