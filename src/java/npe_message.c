/* npe_message.c - what a NullPointerException says: which action failed, and what was null (JEP 358). */
#include "java/primitive_internal.h"

bool java_null_message(uint32_t method, uint32_t pc, Bytes *text)
{
    return false;
}
