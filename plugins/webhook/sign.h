/* SPDX-License-Identifier: MIT
 *
 * sign -- signatures of the Standard Webhooks scheme: HMAC-SHA256 over "ID.TIMESTAMP.BODY",
 * by which a receiver knows who sent it, that it is whole, and when it was sent.
 */
#ifndef WEBHOOK_SIGN_H
#define WEBHOOK_SIGN_H

#include <carpel/plugin.h>

#include "common/buffer.h"

/* The keys of secrets as "whsec_BASE64". */
typedef struct sign_keys {
    struct {
        unsigned char bytes[64];
        size_t size;
    } * keys;
    size_t count;
} sign_keys;

/* No message shows a secret. Released with sign_keys_done in any case. */
bool sign_keys_read(sign_keys *k, carpel_texts secrets, carpel_error *err);
void sign_keys_done(sign_keys *k);

/* Append "v1,SIGNATURE", one for each key, with blanks between them. */
void sign_add(const sign_keys *k, const char *id, long long timestamp, const char *body,
              size_t size, buffer *out);

enum { SIGN_ID_SIZE = 40 };

/* The id of a body in a run (NULL: it has no name): the same for the same bytes of the same run,
 * so that a receiver knows again what it has had already. */
void sign_id(const char *run, const char *body, size_t size, char out[SIGN_ID_SIZE]);

#endif
