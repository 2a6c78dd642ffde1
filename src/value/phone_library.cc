/* SPDX-License-Identifier: MIT
 *
 * Numbers have to be valid, and not only possible: a possible one has as many digits as some of the country have,
 * which is said of most typing errors, too.
 */
#include "value/phone_library.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static bool read_number(const std::string &dialled, const char *country, PhoneNumber *out)
{
    const PhoneNumberUtil *library = PhoneNumberUtil::GetInstance();
    return library->Parse(dialled, country, out) == PhoneNumberUtil::NO_PARSING_ERROR &&
           library->IsValidNumber(*out);
}

/* 00 is abroad, also where something else is dialled for it: tables mix both. */
static bool read_from_abroad(const std::string &dialled, const char *country,
                             PhoneNumber *out)
{
    return dialled.compare(0, 2, "00") == 0 &&
           read_number("+" + dialled.substr(2), country, out);
}

extern "C" __attribute__((visibility("default"))) phone_verdict carpel_phone_read(
    const char *dialled, const char *country, char out[PHONE_LIBRARY_ROOM]) noexcept
{
    const PhoneNumberUtil *library = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string written;
    if (library->GetCountryCodeForRegion(country) == 0)
        return PHONE_UNKNOWN_COUNTRY;
    if (!read_number(dialled, country, &number) &&
        !read_from_abroad(dialled, country, &number))
        return PHONE_BAD;
    library->Format(number, PhoneNumberUtil::E164, &written);
    if (written.size() >= PHONE_LIBRARY_ROOM)
        return PHONE_BAD;
    std::memcpy(out, written.c_str(), written.size() + 1);
    return PHONE_GOOD;
}
