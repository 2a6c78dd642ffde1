/* SPDX-License-Identifier: MIT
 *
 * chart_file -- a chart as the SVG file that a command was asked for.
 */
#ifndef APP_CHART_FILE_H
#define APP_CHART_FILE_H

#include "report/chart.h"

/* Replace the file as a whole. Says what went wrong; returns the exit code. */
int chart_file_write(const chart *c, const char *path);

#endif
