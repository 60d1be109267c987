/* define.h - what the files that make classes share: a class on its way from a class file to the arena. */
#ifndef JAVA_DEFINE_H
#define JAVA_DEFINE_H

#include "java/classfile.h"

typedef struct Definition {
    Thread *thread;
    const JavaDefine *define;
    ClassFile *file;
    uint32_t super;             /* class index; 0: Object */
    uint32_t *interfaces;       /* class indexes of the direct ones */
    ARRAY_OF(uint32_t) closure; /* all superinterfaces, ascending */
    ARRAY_OF(uint32_t) direct_closure; /* those that the direct ones bring */
    ARRAY_OF(uint32_t) vtable;  /* method numbers */
    ARRAY_OF(uint64_t) keys;    /* of the vtable: name | descriptor << 32 */
    ARRAY_OF(uint32_t) mirandas;
    ARRAY_OF(uint32_t) itable;  /* interfaces: their instance methods */
    uint32_t first_method;
    uint32_t class_index;
    ArenaRef package, module;
    int wellknown;              /* enum JavaWellknown, -1: none */
    uint64_t *reference_map;    /* bit i: body slot i */
    uint32_t reference_map_words, instance_bytes;
} Definition;

/* layout.c */
Result layout_fields(Definition *definition);
/* vtable.c. False: thread->exception. */
bool vtable_plan(Definition *definition);
bool closure_plan(Definition *definition);

/* loader.c */
/* Enters a finished class under its loader. Else *other is the class that stands there already (0: no memory), or that the
 * loader must mean by the name because it has agreed so with another. */
enum EnterResult { ENTER_DONE, ENTER_THERE, ENTER_CONSTRAINED };
enum EnterResult loader_enter_class(uint32_t class_index, uint32_t *other);
void loader_lock_dictionary(void);
void loader_unlock_dictionary(void);
uint32_t loader_find_locked(uint32_t loader, SymbolRef name); /* 0: not loaded by it */
/* as_error: false: a class that is not there is a ClassNotFoundException; true: a NoClassDefFoundError; LOAD_QUIETLY: that
 * too, but raised only by the next call, which finds it among the requester's errors. */
#define LOAD_QUIETLY 2
Outcome loader_load_for(Thread *thread, uint32_t loader, SymbolRef name, unsigned as_error, uint32_t requester, unsigned cp_index,
                        SymbolRef placeholder, uint32_t *class_index);
ArenaRef *loader_unnamed_module(uint32_t loader); /* where it stands; NULL: no memory */
bool loader_placeholder_exists(uint32_t loader, SymbolRef name, uint32_t thread);
Result loader_open(bool thawed);
int wellknown_index(SymbolRef name); /* -1 */
void loader_forget(uint32_t owner);
/* constraint.c */
/* What the name must mean to the loader, which has not loaded it, and is not that class; 0: it may be that one. With the
 * dictionary locked. */
uint32_t constraint_other_locked(uint32_t loader, SymbolRef name, uint32_t class_index);
Outcome constraint_throw_loading(Thread *thread, uint32_t loader, uint32_t class_index, uint32_t other);
void constraint_forget(uint32_t owner);
void constraint_lay_for_start(void);
/* module.c */
void module_forget(uint32_t owner);

/* mirror.c */
/* Gives a class its class object, if java.lang.Class is there. False: thread->exception. */
bool mirror_make(Thread *thread, uint32_t class_index, Value *protection_domain, Value *class_data);
bool mirror_make_all(Thread *thread);
Result primitive_classes_make(void);

/* symbol.c */
Result java_world_open(bool thawed);
Result java_world_fill(void);

/* define.c */
/* Makes a class of a file whose super types are loaded by its loader (they are looked up; PUSHED otherwise). */
Outcome define_class_file(Thread *thread, const JavaDefine *define, ClassFile *file, uint32_t *class_index);
ArenaRef arena_copy(const void *bytes, size_t size);

/* access.c */
bool access_from_package(uint32_t loader, ArenaRef package, ArenaRef module, uint32_t to);
const char *access_class_place(uint32_t class_index); /* "p.A is in unnamed module of loader 'app'"; buffer of the thread */
const char *access_joint_place(uint32_t a, uint32_t b);
const char *access_loader_name(uint32_t loader);
const char *access_module_name(ArenaRef module); /* "module a.b" or "unnamed module" */
const char *access_parent_loader(uint32_t loader);
/* Why modules forbid a class (its name, its module) to refer to another; nothing when it is not their doing. */
void access_append_module_reason(Bytes *text, const char *from_name, ArenaRef from, uint32_t to_index);

#endif
