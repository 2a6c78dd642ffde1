/* SPDX-License-Identifier: MIT
 *
 * Answers of receivers.
 */
#include "webhook/retry.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_PAUSE 60.0
#define LONGEST_WISH  3600.0

retry_verdict retry_judge(long status)
{
    if (status >= 200 && status < 300)
        return VERDICT_TAKEN;
    switch (status) {
    case 0:
    case 408: /* too slow */
    case 425: /* too early */
    case 429: /* too many */ return VERDICT_AGAIN;
    case 401:
    case 403:
    case 404:
    case 405:
    case 410: return VERDICT_HOPELESS;
    default: break;
    }
    if (status >= 500)
        return VERDICT_AGAIN;
    return status >= 400 ? VERDICT_REFUSED : VERDICT_HOPELESS; /* 3xx: it is elsewhere */
}

/* What a Retry-After asks for; 0: nothing that can be read. */
static double wished_seconds(const char *text, time_t now)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end != text && *end == '\0')
        return seconds > 0 ? seconds : 0;
    time_t date = curl_getdate(text, NULL);
    return date > now ? difftime(date, now) : 0;
}

double retry_seconds(unsigned attempt, double first, double chance,
                     const char *retry_after, time_t now)
{
    double pause = first;
    for (unsigned i = 0; i < attempt && pause < LONGEST_PAUSE; i++)
        pause *= 2;
    pause = (pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE) * (1 - chance / 2);
    double wish = retry_after ? wished_seconds(retry_after, now) : 0;
    wish = wish < LONGEST_WISH ? wish : LONGEST_WISH;
    return wish > pause ? wish : pause;
}
