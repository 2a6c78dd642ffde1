/* SPDX-License-Identifier: MIT
 *
 * Cholesky's decomposition A = L L', the inverse of L, and from it that of A.
 */
#include "fit/matrix.h"

#include <math.h>

/* L takes the place of the lower half. */
static bool decompose(double *a, size_t n)
{
    for (size_t row = 0; row < n; row++)
        for (size_t column = 0; column <= row; column++) {
            double sum = a[row * n + column];
            for (size_t k = 0; k < column; k++)
                sum -= a[row * n + k] * a[column * n + k];
            if (row != column)
                a[row * n + column] = sum / a[column * n + column];
            else if (isfinite(sum) && sum > 0)
                a[row * n + row] = sqrt(sum);
            else
                return false;
        }
    return true;
}

/* The inverse of L takes its place. */
static void invert_lower(double *a, size_t n)
{
    for (size_t column = 0; column < n; column++) {
        a[column * n + column] = 1 / a[column * n + column];
        for (size_t row = column + 1; row < n; row++) {
            double sum = 0;
            for (size_t k = column; k < row; k++)
                sum -= a[row * n + k] * a[k * n + column];
            a[row * n + column] = sum / a[row * n + row];
        }
    }
}

bool matrix_invert(double *a, size_t n)
{
    if (!decompose(a, n))
        return false;
    invert_lower(a, n);
    for (size_t row = 0; row < n; row++)
        for (size_t column = 0; column <= row; column++) {
            double sum = 0;
            for (size_t k = row; k < n; k++)
                sum += a[k * n + row] * a[k * n + column];
            a[column * n + row] = sum; /* what is below is still needed */
        }
    for (size_t row = 0; row < n; row++)
        for (size_t column = 0; column < row; column++)
            a[row * n + column] = a[column * n + row];
    return true;
}
