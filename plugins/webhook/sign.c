/* SPDX-License-Identifier: MIT
 *
 * Keys and signatures.
 */
#include "webhook/sign.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#include "common/memory.h"

enum { LEAST_KEY_BYTES = 16 };

static bool read_key(const char *secret, unsigned char bytes[64], size_t *size)
{
    struct base64_decode_ctx context;
    if (strncmp(secret, "whsec_", 6) != 0)
        return false;
    secret += 6;
    *size = 64;
    if (BASE64_DECODE_LENGTH(strlen(secret)) > 64 + 2)
        return false;
    unsigned char decoded[68];
    *size = sizeof decoded;
    base64_decode_init(&context);
    if (!base64_decode_update(&context, size, decoded, strlen(secret), secret) ||
        !base64_decode_final(&context) || *size > 64 || *size < LEAST_KEY_BYTES)
        return false;
    memcpy(bytes, decoded, *size);
    return true;
}

bool sign_keys_read(sign_keys *k, carpel_texts secrets, carpel_error *err)
{
    *k = (sign_keys){.keys = common_alloc(secrets.count, sizeof *k->keys)};
    for (; k->count < secrets.count; k->count++)
        if (!read_key(secrets.items[k->count], k->keys[k->count].bytes,
                      &k->keys[k->count].size))
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "\"secret\" is not \"whsec_\" and 16 to 64 bytes in base64 "
                "behind it; write ${NAME} for a variable that has it");
    return true;
}

void sign_keys_done(sign_keys *k)
{
    free(k->keys);
    *k = (sign_keys){0};
}

void sign_add(const sign_keys *k, const char *id, long long timestamp, const char *body,
              size_t size, buffer *out)
{
    char head[SIGN_ID_SIZE + 32];
    int head_size = snprintf(head, sizeof head, "%s.%lld.", id, timestamp);
    for (size_t i = 0; i < k->count; i++) {
        struct hmac_sha256_ctx context;
        uint8_t digest[SHA256_DIGEST_SIZE];
        char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1];
        hmac_sha256_set_key(&context, k->keys[i].size, k->keys[i].bytes);
        hmac_sha256_update(&context, (size_t)head_size, (const uint8_t *)head);
        hmac_sha256_update(&context, size, (const uint8_t *)body);
        hmac_sha256_digest(&context, sizeof digest, digest);
        base64_encode_raw(text, sizeof digest, digest);
        text[sizeof text - 1] = '\0';
        buffer_add(out, i == 0 ? "v1," : " v1,");
        buffer_add(out, text);
    }
}

void sign_id(const char *run, const char *body, size_t size, char out[SIGN_ID_SIZE])
{
    struct sha256_ctx context;
    uint8_t digest[16];
    sha256_init(&context);
    if (run)
        sha256_update(&context, strlen(run) + 1, (const uint8_t *)run);
    sha256_update(&context, size, (const uint8_t *)body);
    sha256_digest(&context, sizeof digest, digest);
    int used = snprintf(out, SIGN_ID_SIZE, "msg_");
    for (size_t i = 0; i < sizeof digest; i++)
        used += snprintf(out + used, SIGN_ID_SIZE - (size_t)used, "%02x", digest[i]);
}
