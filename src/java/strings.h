/* strings.h - String objects to and from C, beyond what java_internal.h declares. */
#ifndef JAVA_STRINGS_H
#define JAVA_STRINGS_H

#include "java/java_internal.h"

Result java_strings_open(void);
void java_strings_relocate(int64_t heap_distance); /* after a thaw: the interned strings follow the heap */
void java_strings_update_weak(Value (*forward)(void *context, Value object), void *context);

/* All may collect; 0: thread->exception. Bytes and units must not lie in the heap. */
Value java_byte_array(Thread *thread, const void *bytes, size_t size);
Value java_string_from_latin1(Thread *thread, const uint8_t *bytes, size_t count);
Value java_string_from_utf16(Thread *thread, const uint16_t *units, size_t count);
Value java_string_from_bytes(Thread *thread, const char *text, size_t length); /* modified UTF-8 */
Value java_string_from_utf8(Thread *thread, const char *text);                 /* standard UTF-8, from the host */
Value java_string_intern_text(Thread *thread, const char *text, bool dots);

/* None of these collects. Texts are to be freed with memory_free; NULL: no memory. */
size_t java_string_length(Value string);
uint16_t java_string_unit(Value string, size_t i);
char *java_string_text(Value string); /* modified UTF-8 */
char *java_string_utf8(Value string);
bool java_string_equals_text(Value string, const char *ascii);

#endif
