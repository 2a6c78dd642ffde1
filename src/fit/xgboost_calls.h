/* SPDX-License-Identifier: MIT
 *
 * xgboost_calls -- the functions of XGBoost that learn trees, found when somebody learns some. The library brings
 * several others, and to load them all would be a good part of what a short command takes.
 *
 *     xgboost_calls x;
 *     if (!xgboost_calls_load(&x, err)) ...
 *     x.XGBoosterCreate(...)
 *
 * What was loaded stays until the process ends. Only of a carpel that is built with XGBoost.
 */
#ifndef FIT_XGBOOST_CALLS_H
#define FIT_XGBOOST_CALLS_H

#ifdef CARPEL_HAVE_XGBOOST
#include <xgboost/c_api.h>

#include "base/error.h"

#define XGBOOST_CALLS(X)                                                                 \
    X(XGBGetLastError)                                                                   \
    X(XGDMatrixCreateFromMat)                                                            \
    X(XGDMatrixSetFloatInfo)                                                             \
    X(XGDMatrixFree)                                                                     \
    X(XGBoosterCreate)                                                                   \
    X(XGBoosterSetParam)                                                                 \
    X(XGBoosterUpdateOneIter)                                                            \
    X(XGBoosterDumpModel)                                                                \
    X(XGBoosterFree)

typedef struct xgboost_calls {
#define X(name) __typeof__(&name) name;
    XGBOOST_CALLS(X)
#undef X
} xgboost_calls;

/* Fails when the library is not there, or lacks one of them. */
bool xgboost_calls_load(xgboost_calls *out, carpel_error *err);
#endif

#endif
