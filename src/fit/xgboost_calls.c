/* SPDX-License-Identifier: MIT
 *
 * The library is called as Debian calls it, or as its own build does.
 */
#include "fit/xgboost_calls.h"

#ifdef CARPEL_HAVE_XGBOOST
#include <dlfcn.h>
#include <string.h>

static void *open_library(void)
{
    void *library = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_LOCAL);
    return library ? library : dlopen("libxgboost.so", RTLD_NOW | RTLD_LOCAL);
}

bool xgboost_calls_load(xgboost_calls *out, carpel_error *err)
{
    void *library = open_library(), *found = library;
    /* A data pointer is made one of a function by copying it. */
#define X(name)                                                                          \
    found = found ? dlsym(library, #name) : NULL;                                        \
    memcpy(&out->name, &found, sizeof found);
    XGBOOST_CALLS(X)
#undef X
    return found ||
           carpel_fail(err, CARPEL_E_SYSTEM,
                       "cannot load XGBoost, which learns trees: %s (Debian has it as "
                       "libxgboost0)",
                       dlerror());
}

#endif
