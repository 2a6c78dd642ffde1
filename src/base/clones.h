/* SPDX-License-Identifier: MIT
 *
 * clones -- a loop compiled for several machines.
 *
 *     VECTOR_CLONES static void add(...) { for (...) ... }
 *
 * The compiler makes the function once for the plain machine and once for each kind of
 * vector instructions; which one runs is chosen when the program starts. All give the same
 * results: only whole numbers, bits and comparisons are worked on, no sums of doubles. The
 * loops of src/exec/loops.c are compared clone by clone in tests/unit/test_clones.c.
 * Where the compiler cannot do it, or a sanitizer stands in the way, there is one.
 *
 * What only those instructions make quicker stands within HAS_CLONES, is VECTOR_ONLY or WIDE_ONLY, and is
 * called where __builtin_cpu_supports("avx2") or ("x86-64-v4").
 */
#ifndef BASE_CLONES_H
#define BASE_CLONES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12 && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define HAS_CLONES 1
#define VECTOR_CLONES                                                                    \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"),         \
                   optimize("O3")))
#define VECTOR_ONLY __attribute__((target("avx2"), optimize("O3")))
#define WIDE_ONLY   __attribute__((target("arch=x86-64-v4"), optimize("O3")))
#else
#define VECTOR_CLONES
#endif

#endif
