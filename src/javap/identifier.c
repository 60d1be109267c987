/* identifier.c - which characters identifiers of the Java language have. */
#include "javap/javap_internal.h"

bool is_identifier_start(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c > 0xa0;
}

bool is_identifier_part(uint32_t c)
{
    return is_identifier_start(c) || (c >= '0' && c <= '9') || c < 9 || (c >= 14 && c < 28) || (c >= 0x7f && c < 0xa0);
}
