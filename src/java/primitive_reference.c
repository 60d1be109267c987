/* primitive_reference.c - java.lang.ref: clearing, asking, and handing out what the collector found. */
#include "java/primitive_internal.h"

PRIMITIVE(clear)
{
    heap_store(arguments[0], java_offset(REFERENCE_REFERENT), 0);
    return OUTCOME_DONE;
}

PRIMITIVE(refers_to)
{
    *result = heap_load(arguments[0], java_offset(REFERENCE_REFERENT)) == arguments[1];
    return OUTCOME_DONE;
}

PRIMITIVE(take_pending)
{
    *result = heap_take_pending_nogc();
    return OUTCOME_DONE;
}

PRIMITIVE(has_pending)
{
    *result = heap_has_pending_nogc();
    return OUTCOME_DONE;
}

PRIMITIVE(wait_for_pending)
{
    run_wait_for_references(thread);
    return OUTCOME_DONE;
}

void primitive_register_reference(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/ref/Reference.clear0()V", clear},
        {"java/lang/ref/Reference.refersTo0(Ljava/lang/Object;)Z", refers_to},
        {"java/lang/ref/PhantomReference.refersTo0(Ljava/lang/Object;)Z", refers_to},
        {"java/lang/ref/Reference.getAndClearReferencePendingList()Ljava/lang/ref/Reference;", take_pending},
        {"java/lang/ref/Reference.hasReferencePendingList()Z", has_pending},
        {"java/lang/ref/Reference.waitForReferencePendingList()V", wait_for_pending},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
