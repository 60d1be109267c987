/* invoke.h - java.lang.invoke on the class library's own implementation: member names, linking of calls and constants,
 * and the calls that dispatch on a MemberName. */
#ifndef JAVA_INVOKE_H
#define JAVA_INVOKE_H

#include "java/java_internal.h"

/* Language.find_polymorphic. */
uint32_t java_find_polymorphic(Thread *thread, uint32_t kind, Value *arguments, uint32_t argument_slots, int *outcome);

/* At start-up, once: primitives and continuations. */
void primitive_register_invoke(void);

/* ---- shared by the files of invoke ---- */

/* Reference kinds (JVMS 5.4.3.5) and flags of MemberName. */
enum ReferenceKindOfHandle {
    REF_NONE, REF_GET_FIELD, REF_GET_STATIC, REF_PUT_FIELD, REF_PUT_STATIC, REF_INVOKE_VIRTUAL, REF_INVOKE_STATIC,
    REF_INVOKE_SPECIAL, REF_NEW_INVOKE_SPECIAL, REF_INVOKE_INTERFACE, REF_LIMIT
};
enum MemberNameFlag {
    MN_IS_METHOD = 0x00010000, MN_IS_CONSTRUCTOR = 0x00020000, MN_IS_FIELD = 0x00040000, MN_IS_TYPE = 0x00080000,
    MN_CALLER_SENSITIVE = 0x00100000, MN_TRUSTED_FINAL = 0x00200000, MN_SEARCH_SUPERCLASSES = 0x00100000,
    MN_SEARCH_INTERFACES = 0x00200000, MN_KINDS = 0x000f0000, MN_REFERENCE_SHIFT = 24
};

/* The method number of a resolved MemberName; 0: none. */
uint32_t invoke_member_target(Value member_name);
uint64_t invoke_target_word(uint32_t method); /* what ResolvedMethodName's target holds for a method */
/* Looks up what a reference of `kind` from class `caller` (0: no access check) to holder.name descriptor means. For
 * fields *field, else *method (0 for a signature-polymorphic one of MethodHandle or VarHandle). */
Outcome invoke_resolve(Thread *thread, uint32_t caller, unsigned kind, uint32_t holder, SymbolRef name, SymbolRef descriptor,
                       uint32_t *method, const JavaField **field);
void invoke_register_members(void);
void invoke_register_links(void);

static inline int32_t invoke_int(Value object, uint64_t offset)
{
    return *(const int32_t *)object_at(object, offset);
}
static inline void invoke_set_int(Value object, uint64_t offset, int32_t value)
{
    *(int32_t *)object_at(object, offset) = value;
}

#endif
