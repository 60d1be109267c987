/* java_internal.h - the model of Java classes that the files of java/ share.
 *
 * A Java class is a Class (heap/class.h) whose `data` is a JavaClass in the arena; its methods are JavaMethods (which
 * begin with Method), its fields JavaFields. Names and descriptors are symbols: interned modified UTF-8 in the arena,
 * so equal names have equal numbers. Nothing here holds an address: pointers to these structs are good until the next
 * safepoint, so functions that may collect take and give class indexes, method numbers and ArenaRefs.
 *
 * Class indexes stand for classes everywhere; a loader is its owner number (0: the boot loader). */
#ifndef JAVA_JAVA_INTERNAL_H
#define JAVA_JAVA_INTERNAL_H

#include "base/base.h"
#include "heap/heap.h"
#include "java/java.h"
#include "java/jimage.h"
#include "run/run.h"

#define LANGUAGE_JAVA 1

/* ================================================================ symbols (symbol.c) */

typedef uint32_t SymbolRef; /* ArenaRef of a Symbol; 0: none */

typedef struct Symbol {
    uint32_t hash;
    uint16_t length; /* of the bytes, a 0 byte follows them */
    uint16_t flags;
    uint8_t bytes[];
} Symbol;

#define JAVA_SYMBOL_MOST 65535

SymbolRef java_symbol(const void *bytes, size_t length);      /* interns; 0: the arena is full or length > JAVA_SYMBOL_MOST */
SymbolRef java_symbol_text(const char *text);
SymbolRef java_symbol_find(const void *bytes, size_t length); /* 0: nobody has interned it */
SymbolRef java_symbol_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline const Symbol *symbol_at(SymbolRef symbol)
{
    return ARENA(const Symbol, symbol);
}
static inline const char *symbol_text(SymbolRef symbol) /* ended by 0; modified UTF-8 */
{
    return (const char *)symbol_at(symbol)->bytes;
}
static inline unsigned symbol_length(SymbolRef symbol)
{
    return symbol_at(symbol)->length;
}

enum JavaSymbol {
#define SYMBOL(name, text) SYMBOL_##name,
#include "java/symbols.def"
#undef SYMBOL
    JAVA_SYMBOL_COUNT
};
/* The SymbolRef of a name in symbols.def: SYM(INIT). */
#define SYM(name) (java_world()->symbols[SYMBOL_##name])

/* ================================================================ descriptors (descriptor.c) */

/* Walks the parameter types of a method descriptor, then the return type. */
typedef struct JavaParameters {
    const char *at;
    bool at_return; /* the last type read was the return type */
} JavaParameters;
JavaParameters java_parameters(const char *method_descriptor);
/* The next type's first character (B C D F I J L S Z [ V); its text is [*start, *start + *length). 0 at the end. */
char java_parameters_next(JavaParameters *parameters, const char **start, unsigned *length);
unsigned java_descriptor_argument_slots(const char *method_descriptor); /* without receiver; long and double take 2 */
unsigned java_descriptor_parameter_count(const char *method_descriptor);
char java_descriptor_return(const char *method_descriptor);
const char *java_descriptor_return_text(const char *method_descriptor);
/* Sets bit i of bits (32 bytes, zeroed by the caller) where argument slot i is a reference. */
void java_descriptor_references(const char *method_descriptor, bool has_receiver, uint8_t *bits);
bool java_descriptor_is_field(const char *text, size_t length);  /* well-formed? */
bool java_descriptor_is_method(const char *text, size_t length);
/* Of one that is not: what is wrong with the first wrong type in it. */
enum JavaDescriptorFault { DESCRIPTOR_FAULT_OTHER, DESCRIPTOR_FAULT_CLASS, DESCRIPTOR_FAULT_DIMENSIONS };
enum JavaDescriptorFault java_descriptor_fault(const char *text, size_t length);
unsigned java_type_size(char type);  /* bytes in memory: Z B 1, C S 2, I F 4, others 8 */
bool java_type_is_reference(char type);
/* "(ILjava/lang/String;)V" and name: the form of messages, "void m(int, java.lang.String)"; class name with dots before
 * the name if holder is not 0. */
SymbolRef java_method_external_name(SymbolRef holder, SymbolRef name, SymbolRef descriptor);
/* Frees the bytes and gives them as a text of the thread, good until the sixteenth next call. */
const char *java_keep_text(Bytes *out);
/* "java/lang/String" -> "java.lang.String"; like java_keep_text. */
const char *java_external_name(SymbolRef class_name);
/* The name of a class as messages have it: java.lang.String, int[], p.A/0x1f (hidden). Like java_external_name. */
const char *java_class_external_name(uint32_t class_index);

/* ================================================================ the class model */

enum JavaAccess { /* access_flags of class files */
    ACCESS_PUBLIC = 0x0001, ACCESS_PRIVATE = 0x0002, ACCESS_PROTECTED = 0x0004, ACCESS_STATIC = 0x0008,
    ACCESS_FINAL = 0x0010, ACCESS_SUPER = 0x0020, ACCESS_SYNCHRONIZED = 0x0020, ACCESS_VOLATILE = 0x0040,
    ACCESS_BRIDGE = 0x0040, ACCESS_TRANSIENT = 0x0080, ACCESS_VARARGS = 0x0080, ACCESS_NATIVE = 0x0100,
    ACCESS_INTERFACE = 0x0200, ACCESS_ABSTRACT = 0x0400, ACCESS_STRICT = 0x0800, ACCESS_SYNTHETIC = 0x1000,
    ACCESS_ANNOTATION = 0x2000, ACCESS_ENUM = 0x4000, ACCESS_MODULE = 0x8000
};

enum JavaConstantTag {
    CONSTANT_UTF8 = 1, CONSTANT_INTEGER = 3, CONSTANT_FLOAT = 4, CONSTANT_LONG = 5, CONSTANT_DOUBLE = 6,
    CONSTANT_CLASS = 7, CONSTANT_STRING = 8, CONSTANT_FIELD = 9, CONSTANT_METHOD = 10, CONSTANT_INTERFACE_METHOD = 11,
    CONSTANT_NAME_AND_TYPE = 12, CONSTANT_METHOD_HANDLE = 15, CONSTANT_METHOD_TYPE = 16, CONSTANT_DYNAMIC = 17,
    CONSTANT_INVOKE_DYNAMIC = 18, CONSTANT_MODULE = 19, CONSTANT_PACKAGE = 20
};

/* Link and initialization state (JVMS 5.5). */
enum JavaState {
    JAVA_LOADED,       /* super classes and interfaces are loaded, layout and vtable made */
    JAVA_LINKED,       /* verified, statics made */
    JAVA_INITIALIZING, /* by initializer_thread */
    JAVA_INITIALIZED,
    JAVA_ERRONEOUS     /* initialization failed: error_root */
};

enum JavaClassFlag {
    JAVA_CLASS_HIDDEN = 1 << 0,           /* a hidden class */
    JAVA_CLASS_VERIFIED = 1 << 1,
    JAVA_CLASS_TRUSTED = 1 << 2,          /* from the jimage or the machine's own library: not verified */
    JAVA_CLASS_HAS_DEFAULTS = 1 << 3,     /* it, or an interface above it, has non-abstract instance methods */
    JAVA_CLASS_DECLARES_DEFAULTS = 1 << 4,
    JAVA_CLASS_HAS_CLINIT = 1 << 5,
    JAVA_CLASS_STRONG = 1 << 6,           /* hidden class of option STRONG */
    JAVA_CLASS_TRUST_FINAL_FIELDS = 1 << 7,
    JAVA_CLASS_IS_RECORD = 1 << 8,
    JAVA_CLASS_HAS_FINALIZER = 1 << 9,
    JAVA_CLASS_MODULE_SET = 1 << 10,      /* the mirror's module field is set */
    JAVA_CLASS_IN_JIMAGE = 1 << 11,       /* its bytes lie in lib/modules; else in the arena */
};

typedef struct JavaField {
    SymbolRef name, descriptor;
    uint32_t holder;            /* class index */
    uint32_t offset;            /* instance: from the object's address; static: in its statics object (address + offset) */
    uint16_t access_flags;
    uint16_t constant_value;    /* cp index of ConstantValue; 0 */
    uint16_t signature;         /* cp index of a Utf8; 0 */
    uint16_t index;             /* in the class: reflect.Field.slot */
    uint32_t annotations;       /* offset in the class's bytes of an attribute's contents; the u32 length stands before it */
    uint32_t type_annotations;
    uint8_t type;               /* first character of the descriptor */
    uint8_t flags;              /* enum JavaFieldFlag */
    uint16_t reserved;
} JavaField;
_Static_assert(sizeof(JavaField) == 36, "JavaField is an image format");
enum JavaFieldFlag { JAVA_FIELD_INJECTED = 1, JAVA_FIELD_STABLE = 2 };

enum JavaMethodFlag { /* JavaMethod.java_flags */
    JAVA_METHOD_FORCE_INLINE = 1 << 0,
    JAVA_METHOD_DONT_INLINE = 1 << 1,
    JAVA_METHOD_INTRINSIC = 1 << 2,
    JAVA_METHOD_RESERVED_STACK = 1 << 3,
    JAVA_METHOD_SCOPED = 1 << 4,
    JAVA_METHOD_DEFAULT = 1 << 5,      /* non-abstract, non-static, non-private method of an interface */
    JAVA_METHOD_MIRANDA = 1 << 6,      /* made by the machine: a conflict or a missing implementation in a vtable */
    JAVA_METHOD_OVERPASS_ERROR = 1 << 7, /* calling it raises IncompatibleClassChangeError: conflicting defaults */
    JAVA_METHOD_LAMBDA_COMPILED = 1 << 8,
    JAVA_METHOD_VERIFIED = 1 << 9,
    JAVA_METHOD_HAS_LOOPS = 1 << 10,   /* free for the translator */
};

/* Signature-polymorphic methods. */
enum JavaPolymorphic {
    POLYMORPHIC_NONE,
    POLYMORPHIC_INVOKE,          /* MethodHandle.invoke */
    POLYMORPHIC_INVOKE_EXACT,
    POLYMORPHIC_INVOKE_BASIC,
    POLYMORPHIC_LINK_TO_VIRTUAL,
    POLYMORPHIC_LINK_TO_STATIC,
    POLYMORPHIC_LINK_TO_SPECIAL,
    POLYMORPHIC_LINK_TO_INTERFACE,
    POLYMORPHIC_LINK_TO_NATIVE,
    POLYMORPHIC_VAR_HANDLE,      /* an access method of VarHandle */
};
/* invokeBasic and linkToX, which java.lang.invoke keeps for itself: they check neither arguments nor target. */
static inline bool java_polymorphic_trusts(enum JavaPolymorphic kind)
{
    return kind >= POLYMORPHIC_INVOKE_BASIC && kind <= POLYMORPHIC_LINK_TO_NATIVE;
}
/* The kind of a method name in a class of that name (whether the Methodref's target is signature-polymorphic). */
enum JavaPolymorphic java_polymorphic_kind(SymbolRef class_name, SymbolRef method_name);
bool java_is_var_handle_access(const char *name, size_t length); /* a method of VarHandle that is one */

typedef struct JavaMethod {
    Method method;               /* number, holder, argument_slots (receiver included), flags, code */
    SymbolRef name, descriptor;
    uint16_t access_flags;
    uint16_t index;              /* in the class: reflect.Method.slot */
    int32_t vtable_index;        /* of virtual methods in classes; -1: none (private, static, <init>, interfaces) */
    int32_t itable_index;        /* interface methods: position in the interface's own itable; -1 */
    uint32_t code_offset;        /* in the class's bytes: the contents of Code; 0: none */
    uint32_t code_length;
    uint16_t max_stack, max_locals;
    uint32_t line_numbers, local_variables, local_types, stack_map; /* offsets of attribute contents; 0: none */
    uint32_t annotations, parameter_annotations, annotation_default, type_annotations, code_type_annotations;
    uint32_t method_parameters, exceptions; /* offsets of MethodParameters' and Exceptions' contents */
    uint32_t ffi_annotation;     /* offset of the annotation @coracle.ffi.Function (its type_index); 0 */
    uint32_t primitive;          /* native methods: run_find_primitive's number, once bound */
    uint32_t bridge;             /* native methods: method number of the Java implementation, once bound; 0 */
    uint16_t signature;          /* cp index of a Utf8; 0 */
    uint8_t return_type;         /* first character of the return type's descriptor */
    uint8_t polymorphic;         /* enum JavaPolymorphic */
    uint32_t java_flags;         /* enum JavaMethodFlag */
    uint16_t parameter_count;
    uint16_t reserved;
    uint32_t language_data;      /* free for invoke / translate */
} JavaMethod;
_Static_assert(sizeof(JavaMethod) == 128, "JavaMethod is an image format");

typedef struct JavaBootstrap { /* an entry of BootstrapMethods */
    uint16_t method_handle;    /* cp index */
    uint16_t argument_count;
    uint32_t arguments;        /* offset in the class's bytes of the u2 cp indexes, big-endian */
} JavaBootstrap;

/* An invokedynamic instruction. Kept in order of method and pc. */
typedef struct JavaCallSite {
    uint32_t method;          /* method number that contains it */
    uint32_t pc;
    uint16_t cp_index;
    uint16_t slot;            /* element of the constants object: the appendix, or the error */
    uint32_t target;          /* method number once linked; 0 */
} JavaCallSite;

/* What resolution of a constant pool entry failed with: raised again each time. */
typedef struct JavaCachedError {
    ArenaRef next;
    uint16_t cp_index, reserved;
    SymbolRef class_name;     /* of the error */
    SymbolRef message;        /* 0: none */
    uint32_t cause_root;      /* 0: none; root of the cause (Throwable) */
} JavaCachedError;

typedef struct JavaClass {
    uint32_t index;              /* class index */
    SymbolRef name;              /* internal form: java/lang/String, [I, int (primitive) */
    uint32_t loader;             /* owner number of the defining loader; 0: boot */
    uint32_t flags;              /* enum JavaClassFlag */
    uint16_t access_flags;       /* of the class file (ACC_SUPER too) */
    uint16_t inner_flags;        /* of its own InnerClasses entry, else as access_flags without ACC_SUPER: getModifiers */
    uint16_t major, minor;
    ArenaRef module;             /* JavaModule; 0: java.base before it is defined */
    ArenaRef package;            /* JavaPackage; 0: unnamed package before anything asks */
    char primitive_type;         /* 'I' ... for primitive classes and 'V'; 0 */
    uint8_t dimensions;          /* arrays */
    uint16_t reserved;
    uint32_t bottom_class;       /* arrays: class index of the innermost element */

    /* Class file. */
    ArenaRef bytes;              /* JAVA_CLASS_IN_JIMAGE: offset in lib/modules */
    uint32_t bytes_size;
    uint16_t cp_count;           /* constant_pool_count */
    uint16_t this_index;
    ArenaRef cp_tags;            /* u8[cp_count] */
    ArenaRef cp_cells;           /* u64[cp_count]; see java_pool_* */
    ArenaRef cp_slots;           /* u16[cp_count]: element of the constants object; 0xffff: none */
    ArenaRef cached_errors;      /* list of JavaCachedError */
    uint32_t constant_slot_count;/* elements in use of the constants object (Class.constants_root) */
    uint16_t source_file;        /* cp index of Utf8; 0 */
    uint16_t signature;
    uint32_t source_debug;       /* offset of SourceDebugExtension's contents; 0 */
    uint32_t annotations, type_annotations; /* offsets of contents; u32 length before; 0 */
    uint32_t inner_classes;      /* offset of the contents (u2 number_of_classes ...) */
    uint16_t enclosing_class, enclosing_method; /* cp indexes of EnclosingMethod; 0 */
    uint16_t nest_host;          /* cp index; 0 */
    uint16_t super_cp;           /* cp index of the superclass */
    uint32_t nest_members;       /* offset of the contents; 0 */
    uint32_t permitted_subclasses;
    uint32_t record;             /* offset of the contents of Record; 0 */
    ArenaRef bootstraps;         /* JavaBootstrap[] */
    uint32_t bootstrap_count;
    ArenaRef call_sites;         /* JavaCallSite[] */
    uint32_t call_site_count;
    uint32_t nest_host_class;    /* class index once resolved (hidden nest mates: at definition); 0 */
    uint32_t host_class;         /* hidden classes: the lookup class */

    /* Members. */
    ArenaRef fields;             /* JavaField[], as in the class file, then injected ones */
    uint32_t field_count;        /* declared ones */
    uint32_t injected_count;
    uint32_t first_method;       /* method number of the first declared method */
    uint32_t method_count;       /* declared ones; consecutive numbers */
    ArenaRef interfaces;         /* u32[]: class indexes of the direct superinterfaces */
    uint32_t interface_count;
    uint32_t instance_bytes;     /* end of the last instance field, from the object's address */
    uint32_t static_references, static_raw_bytes; /* sizes of the statics */
    ArenaRef mirandas;           /* u32 count, then method numbers made by the machine for the vtable */
    ArenaRef itable_methods;     /* interfaces: u32 count, then the method numbers of the itable (by itable_index) */

    /* State. */
    uint32_t state;              /* enum JavaState; read with java_class_state */
    uint32_t initializer_thread; /* Thread.number while JAVA_INITIALIZING */
    uint32_t error_root;         /* JAVA_ERRONEOUS: an ExceptionInInitializerError that tells the cause; 0 */
    uint32_t next_of_loader;     /* class index: all classes that the loader defined */
    ArenaRef subclasses;         /* free for dependency tracking */
    uint32_t reserved2;
} JavaClass;

static inline JavaClass *java_class_at(uint32_t class_index)
{
    return ARENA(JavaClass, class_at(class_index)->data);
}
static inline Class *java_class_class(const JavaClass *class)
{
    return class_at(class->index);
}
static inline JavaMethod *java_method_at(uint32_t method)
{
    return (JavaMethod *)(void *)method_at(method);
}
/* Flags may be added while others read: JAVA_METHOD_VERIFIED, JAVA_CLASS_VERIFIED. */
static inline uint32_t java_method_flags(const JavaMethod *method)
{
    return __atomic_load_n(&method->java_flags, __ATOMIC_RELAXED);
}
static inline uint32_t java_class_flags(const JavaClass *class)
{
    return __atomic_load_n(&class->flags, __ATOMIC_RELAXED);
}
static inline JavaField *java_field_at(const JavaClass *class, uint32_t i)
{
    return ARENA(JavaField, class->fields) + i;
}
extern const uint8_t *java_jimage; /* where lib/modules is mapped */
static inline const uint8_t *java_class_bytes(const JavaClass *class)
{
    return java_class_flags(class) & JAVA_CLASS_IN_JIMAGE ? java_jimage + class->bytes : ARENA(const uint8_t, class->bytes);
}
static inline enum JavaState java_class_state(const JavaClass *class)
{
    return (enum JavaState)__atomic_load_n(&class->state, __ATOMIC_ACQUIRE);
}
static inline bool java_class_is_interface(uint32_t class_index)
{
    return (class_at(class_index)->flags & CLASS_INTERFACE) != 0;
}
static inline bool java_class_is_array(uint32_t class_index)
{
    return (class_at(class_index)->flags & CLASS_ARRAY) != 0;
}
static inline JavaClass *java_method_holder(const JavaMethod *method)
{
    return java_class_at(method->method.holder);
}
/* The primitive that does what a method's bytecode does, in most cases (primitive_text.c); 0: none. */
uint32_t java_find_attempt(const JavaMethod *method);

/* ---- Methods' code, for translator, verifier, stack traces ---- */
typedef struct JavaCode { /* pointers into the arena: good until the next safepoint */
    uint16_t max_stack, max_locals;
    uint32_t length;
    const uint8_t *bytes;
    uint32_t exception_count;
    const uint8_t *exceptions; /* 8 bytes each, big-endian u2: start_pc, end_pc, handler_pc, catch_type */
} JavaCode;
JavaCode java_method_code(const JavaMethod *method);  /* length 0: none */
int java_method_line(const JavaMethod *method, uint32_t pc); /* -1: unknown; native methods -2 */
void java_method_argument_references(const JavaMethod *method, uint8_t *bits); /* Language.argument_references */
/* Contents of an attribute at an offset that a struct above tells; *size from the length before it. */
const uint8_t *java_attribute(const JavaClass *class, uint32_t offset, uint32_t *size);

/* ---- Constant pool readers (indexes are checked when the class is read; kinds by the caller) ---- */
static inline uint8_t java_pool_tag(const JavaClass *class, unsigned i) /* enum JavaConstantTag; 0: no entry */
{
    return ARENA(const uint8_t, class->cp_tags)[i];
}
static inline uint64_t *java_pool_cell(const JavaClass *class, unsigned i)
{
    return ARENA(uint64_t, class->cp_cells) + i;
}
static inline SymbolRef java_pool_utf8(const JavaClass *class, unsigned i)
{
    return (SymbolRef)*java_pool_cell(class, i);
}
SymbolRef java_pool_class_name(const JavaClass *class, unsigned i);    /* of a CONSTANT_Class (Module, Package too) */
SymbolRef java_pool_string(const JavaClass *class, unsigned i);        /* the Utf8 of a CONSTANT_String */
SymbolRef java_pool_method_type(const JavaClass *class, unsigned i);   /* descriptor */
int32_t java_pool_int(const JavaClass *class, unsigned i);
uint32_t java_pool_float_bits(const JavaClass *class, unsigned i);
uint64_t java_pool_long(const JavaClass *class, unsigned i);           /* long, or the bits of a double */
typedef struct JavaReference { /* Fieldref, Methodref, InterfaceMethodref; Dynamic, InvokeDynamic (class_cp: bootstrap) */
    uint16_t class_cp;
    uint16_t bootstrap;        /* Dynamic and InvokeDynamic: index into the bootstrap methods */
    SymbolRef class_name;      /* 0 for Dynamic and InvokeDynamic */
    SymbolRef name, descriptor;
} JavaReference;
JavaReference java_pool_reference(const JavaClass *class, unsigned i);
/* MethodHandle: reference_kind (1..9) and the cp index of the member. */
unsigned java_pool_handle(const JavaClass *class, unsigned i, unsigned *member_cp);
/* Element of the constants object for a String, Class, MethodHandle, MethodType, Dynamic entry, or a Methodref whose
 * method is signature-polymorphic (its appendix): the OBJ operand. -1: none. */
int java_pool_slot(const JavaClass *class, unsigned i);
/* The call site of the invokedynamic instruction at pc of a method; its slot is the OBJ operand. NULL: none there. */
JavaCallSite *java_call_site(uint32_t method, uint32_t pc);
/* Resolved target of a Methodref/InterfaceMethodref (method number), of a signature-polymorphic one (the linker method,
 * set by invoke), of a Class entry (class index), of a Fieldref (ArenaRef of the JavaField); 0: not yet. */
static inline uint32_t java_pool_resolved(const JavaClass *class, unsigned i)
{
    return (uint32_t)(__atomic_load_n(java_pool_cell(class, i), __ATOMIC_ACQUIRE) >> 32);
}
void java_pool_set_resolved(JavaClass *class, unsigned i, uint32_t resolved); /* the first one wins */
/* Element of the constants object: 0 when not resolved. Store: the first one wins, returns what is there now. */
Value java_constant(uint32_t class_index, int slot);
Value java_constant_set(uint32_t class_index, int slot, Value value);

/* ================================================================ the world: what is global, kept in images */

enum JavaWellknown {
#define WELLKNOWN(name, text) JAVA_CLASS_##name,
#include "java/wellknown.def"
    JAVA_WELLKNOWN_COUNT
};
enum JavaOffset {
#define FIELD(class, name, text, descriptor) JAVA_FIELD_##class##_##name,
#define INJECTED(class, name, type) JAVA_FIELD_##class##_##name,
#include "java/wellknown.def"
    JAVA_OFFSET_COUNT
};

typedef struct JavaWorld {
    SymbolRef symbols[JAVA_SYMBOL_COUNT];
    SymbolRef wellknown_names[JAVA_WELLKNOWN_COUNT];
    uint32_t wellknown[JAVA_WELLKNOWN_COUNT];  /* class indexes; 0: not loaded */
    uint32_t offsets[JAVA_OFFSET_COUNT];
    uint32_t primitive_classes[128];           /* by type character */
    ArenaRef symbol_buckets, class_buckets, package_buckets, module_list;
    uint32_t symbol_bucket_count, symbol_count, class_bucket_count, class_count, package_bucket_count, package_count;
    ArenaRef java_base;                        /* JavaModule; 0: not defined yet */
    uint32_t boot_first_class;                 /* list of the boot loader's classes (next_of_loader) */
    ArenaRef loader_list;                      /* JavaLoader structs */
    uint32_t hidden_count;                     /* numbers in the names of hidden classes */
    uint32_t mirrors_made;                     /* java.lang.Class is there */
    ArenaRef placeholders;
    ArenaRef constraint_list;
    ArenaRef front;                            /* FrontEntry[]; 0: java.image was not prepared yet */
    uint32_t interned_strings[4];              /* for strings.c: roots or ArenaRefs of the table of interned strings */
    uint32_t boot[32];                         /* for boot.c, primitives: roots and numbers of their own */
    uint32_t invoke[32];                       /* for the method handle files */
} JavaWorld;
extern ArenaTable java_world_table; /* element 1 */
static inline JavaWorld *java_world(void)
{
    return (JavaWorld *)arena_table_at(&java_world_table, 1, sizeof(JavaWorld), 0);
}
#define java_class(name) (java_world()->wellknown[JAVA_CLASS_##name])       /* class index, 0: not loaded yet */
#define java_offset(name) ((uint64_t)java_world()->offsets[JAVA_FIELD_##name])

/* ================================================================ class loading (loader.c) */

/* The class of that name that `loader` is an initiating (or the defining) loader of; 0: none yet. Array names too, when
 * the element class is there. name in internal form. Never collects. */
uint32_t java_find_loaded_nogc(uint32_t loader, SymbolRef name);
/* Loads a class by name through a loader; array names too. DONE: *class_index. THROW: as the loader raised
 * (NoClassDefFoundError from the boot loader; ClassNotFoundException of a user loader becomes NoClassDefFoundError when
 * as_error, and a boot loader's failure ClassNotFoundException when not). PUSHED: RUN_THEN_AGAIN. */
Outcome java_load_class(Thread *thread, uint32_t loader, SymbolRef name, bool as_error, uint32_t *class_index);
/* The boot loader alone, never pushes, and no exception: *class_index 0 when there is no such class. THROW: damaged. */
Outcome java_load_boot_class(Thread *thread, SymbolRef name, uint32_t *class_index);
/* A class of wellknown.def, loaded and linked if need be; 0: THROW (thread->exception). */
uint32_t java_wellknown_class(Thread *thread, enum JavaWellknown which);

enum JavaDefineFlag {
    DEFINE_HIDDEN = 1, DEFINE_NEST_MATE = 2, DEFINE_STRONG = 4, DEFINE_ACCESS_VM_ANNOTATIONS = 8, DEFINE_TRUSTED = 16
};
typedef struct JavaDefine {
    uint32_t loader;
    SymbolRef name;           /* expected name in internal form; 0: any */
    const uint8_t *bytes;     /* not in the heap */
    size_t size;
    uint32_t flags;           /* enum JavaDefineFlag */
    uint32_t lookup_class;    /* hidden classes; 0 */
    Value *protection_domain; /* handle or NULL */
    Value *class_data;        /* handle or NULL */
    const char *source;       /* for the log; may be NULL */
} JavaDefine;
/* DONE: *class_index. THROW: LinkageError (duplicate), ClassFormatError, ... PUSHED: RUN_THEN_AGAIN (super types are
 * being loaded by a user's loader; the primitive is executed again). */
Outcome java_define_class(Thread *thread, const JavaDefine *define, uint32_t *class_index);

/* The number of a loader object (0 for null); given at first use. 0 with thread->exception set: no memory. */
uint32_t java_loader_number(Thread *thread, Value loader);
static inline Value java_loader_object(uint32_t loader)
{
    return loader == 0 ? 0 : heap_owner_loader_nogc(loader);
}
bool java_loader_is_platform(uint32_t loader); /* the class library's, for modules beside java.base */
/* Records that `loader` is an initiating loader of the class (Class.forName, defineClass results). */
Outcome java_record_initiating(Thread *thread, uint32_t loader, uint32_t class_index); /* THROW: it may not be that class */
/* All classes that a loader defined, in no order: first = java_loader_first_class, then next_of_loader. */
uint32_t java_loader_first_class(uint32_t loader);

/* The array class whose elements are of this class; made at first use. 0: thread->exception. */
uint32_t java_array_class(Thread *thread, uint32_t class_index);
uint32_t java_primitive_class(char type); /* Z B C S I J F D V; 0: not made yet */
/* The class that a field descriptor stands for, through a loader ("I", "[Lp/A;", "Lp/A;"). As java_load_class. */
Outcome java_load_descriptor(Thread *thread, uint32_t loader, const char *descriptor, size_t length, bool as_error,
                             uint32_t *class_index);

/* Class objects. */
static inline Value java_mirror(uint32_t class_index)
{
    return heap_root(class_at(class_index)->mirror_root);
}
uint32_t java_mirror_class(Value mirror); /* class index: primitive types' too; 0 for null */
/* java.lang.Class is loaded: gives all classes so far their class objects. Called by the loader itself. */

/* Super types. */
bool java_is_subclass(uint32_t class_index, uint32_t target); /* subtype, interfaces and arrays too; never collects */
bool java_is_instance(Value object, uint32_t target);         /* object not null */

/* ================================================================ linking (link.c), initialization (initialize.c) */

/* Verifies and prepares (makes statics with ConstantValue). THROW: VerifyError and so on; PUSHED: RUN_THEN_AGAIN. */
Outcome java_link_class(Thread *thread, uint32_t class_index);
/* Initializes if need be. DONE: initialized, or being initialized by this very thread (Class.initialized tells).
 * THROW; PUSHED: RUN_THEN_AGAIN; RETRY: another thread is at it, wait was done. */
Outcome java_initialize_class(Thread *thread, uint32_t class_index);
/* Has it been initialised, or is this thread initialising it? */
bool java_class_is_ready(Thread *thread, uint32_t class_index);
/* Verifier (verify.c, optional): set to check a class when it is linked; NULL: nothing is verified. */
extern Outcome (*java_verify_hook)(Thread *thread, uint32_t class_index);

/* Statics: the object that holds a static field, for Unsafe.staticFieldBase and C. The class is linked. */
Value java_statics(const JavaField *field);
/* For C: static field of a well-known class. */
uint64_t java_static_get(const JavaField *field);
void java_static_set(const JavaField *field, uint64_t value);

/* ================================================================ members (resolve.c) */

/* Looks a member up without access checks; no class is loaded. Field: in the class, its interfaces, its superclasses
 * (JVMS 5.4.3.2). Method: in the class and its superclasses, then maximally-specific interface methods (5.4.3.3). */
const JavaField *java_find_field(uint32_t class_index, SymbolRef name, SymbolRef descriptor);
const JavaField *java_find_declared_field(uint32_t class_index, SymbolRef name, SymbolRef descriptor);
uint32_t java_find_method(uint32_t class_index, SymbolRef name, SymbolRef descriptor);
uint32_t java_find_interface_method(uint32_t class_index, SymbolRef name, SymbolRef descriptor);
uint32_t java_find_declared_method(uint32_t class_index, SymbolRef name, SymbolRef descriptor);
/* In text, for C: java_method_text(java_class(THREAD), "exit", "()V"): declared or inherited; 0: none. */
uint32_t java_method_text(uint32_t class_index, const char *name, const char *descriptor);
const JavaField *java_field_text(uint32_t class_index, const char *name, const char *descriptor);
/* The method that a call of `method` (resolved) selects for receivers of this class (JVMS 5.4.6): vtable, itable or
 * itself. 0: none, or ambiguous. */
uint32_t java_select_method(uint32_t class_index, uint32_t method);
/* " A.m B.m": the default methods between which a JAVA_METHOD_OVERPASS_ERROR method cannot choose. */
void java_append_conflict(Bytes *text, uint32_t method);
/* The implementation of an interface method; 0 with *outcome THROW. The Language hook. */
uint32_t java_find_interface_implementation(Thread *thread, uint32_t class_index, uint32_t method, int *outcome);

/* Resolution of constant pool entries of class_index, with access checks, cached in the pool. None initializes.
 * DONE, THROW (the error is recorded), PUSHED (RUN_THEN_AGAIN). */
Outcome java_resolve_class(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t *resolved);
/* *resolved is 0 where that fails with a LinkageError, which is not raised. */
Outcome java_try_class(Thread *thread, uint32_t class_index, unsigned cp_index, uint32_t *resolved);
enum JavaFieldUse { FIELD_GET, FIELD_PUT, FIELD_GET_STATIC, FIELD_PUT_STATIC, FIELD_OF_HANDLE /* the library decides what may be done */ };
/* in_method: of the instruction (final fields may be written in <init>/<clinit> only); 0: unknown. */
Outcome java_resolve_field(Thread *thread, uint32_t class_index, unsigned cp_index, enum JavaFieldUse use, uint32_t in_method,
                           const JavaField **field);
enum JavaCallKind { CALL_STATIC_, CALL_SPECIAL_, CALL_VIRTUAL_, CALL_INTERFACE_ };
Outcome java_resolve_method(Thread *thread, uint32_t class_index, unsigned cp_index, enum JavaCallKind kind, uint32_t *method);
/* The same without a constant pool, for MethodHandleNatives.resolve: access is checked against `caller` if it is not 0. */
Outcome java_link_method(Thread *thread, uint32_t caller, uint32_t holder, SymbolRef name, SymbolRef descriptor,
                         enum JavaCallKind kind, bool holder_is_interface_ref, uint32_t *method);
Outcome java_link_field(Thread *thread, uint32_t caller, uint32_t holder, SymbolRef name, SymbolRef descriptor,
                        enum JavaFieldUse use, const JavaField **field);
/* ldc: String, Class here; MethodHandle, MethodType, Dynamic through java_resolve_constant_handle. DONE: the slot holds
 * the reference. */
Outcome java_resolve_string(Thread *thread, uint32_t class_index, unsigned cp_index, Value *string);
bool java_is_linkage_error(Value exception); /* 0: no */
/* Records the error that resolving an entry failed with (thread->exception) if it is one that is kept, and raises a recorded
 * one again: DONE when there is none. */
void java_record_error(Thread *thread, uint32_t class_index, unsigned cp_index);
bool java_error_is_kept(Value exception); /* by that */
Outcome java_raise_recorded(Thread *thread, uint32_t class_index, unsigned cp_index);

/* Implemented by the method handle files; called by the resolve hook. Same protocol as Language.resolve: literal number
 * and OBJ operand are in *word. cp_index is the literal's value. */
Outcome java_resolve_handle_call(Thread *thread, uint32_t class_index, unsigned cp_index, uint64_t *word);
Outcome java_resolve_dynamic(Thread *thread, uint32_t class_index, unsigned cp_index, uint64_t *word);
/* CONSTANT_MethodHandle, MethodType, Dynamic: DONE when the constants object's slot holds the reference (for a Dynamic of
 * primitive type: the boxed value). */
Outcome java_resolve_constant_handle(Thread *thread, uint32_t class_index, unsigned cp_index);

/* An array of `count` dimensions with these lengths (not negative); class_index: of the whole. 0: no memory, nothing is
 * raised, and *refused is the length that was too much. May collect. The depth of recursion is at most 255. */
Value java_new_multi_array(Thread *thread, uint32_t class_index, const int32_t *lengths, unsigned count, int32_t *refused);
/* Language hooks. */
int java_resolve(Thread *thread, uint32_t operation, uint64_t *word);
int java_catches(Thread *thread, const Code *code, uint32_t catch_type);

/* ================================================================ access (access.c) and modules (module.c) */

typedef struct JavaModule {
    ArenaRef next;            /* of all modules */
    SymbolRef name;           /* 0: unnamed module of its loader */
    SymbolRef version, location;
    uint32_t loader;
    uint32_t mirror_root;     /* root: the java.lang.Module */
    uint32_t flags;           /* enum JavaModuleFlag */
    ArenaRef reads;           /* list of JavaLink: JavaModules it reads */
} JavaModule;
enum JavaModuleFlag { MODULE_OPEN = 1, MODULE_READS_ALL_UNNAMED = 2, MODULE_READS_ALL = 4 /* unnamed ones */ };
typedef struct JavaPackage {
    ArenaRef next;            /* in its bucket */
    SymbolRef name;           /* java/lang */
    uint32_t loader;
    ArenaRef module;
    uint32_t flags;           /* enum JavaPackageFlag */
    ArenaRef exports;         /* list of JavaLink: JavaModules it is exported to */
} JavaPackage;
enum JavaPackageFlag { PACKAGE_EXPORTED = 1 /* to everyone */, PACKAGE_EXPORTED_UNNAMED = 2, PACKAGE_USED = 4 /* a class is in it */ };
typedef struct JavaLink {
    ArenaRef next, to;
} JavaLink;

/* For the natives of java.lang.Module. 0: no memory. Of several threads that make one for the same mirror, the first does. */
ArenaRef java_module_new(Thread *thread, uint32_t loader, SymbolRef name, SymbolRef version, SymbolRef location, Value mirror,
                         bool open);
ArenaRef java_module_of(Value module_object);          /* JavaModule of a java.lang.Module; 0: none yet */
ArenaRef java_unnamed_module(Thread *thread, uint32_t loader); /* made at first use */
ArenaRef java_package(uint32_t loader, SymbolRef name, bool make);
ArenaRef java_module_set_boot_unnamed(Thread *thread, Value object); /* BootLoader.setBootLoaderUnnamedModule0 */
void java_package_set_module(ArenaRef package, ArenaRef module);
void java_module_add_reads(ArenaRef module, ArenaRef to);   /* to 0: all unnamed modules */
void java_package_add_export(ArenaRef package, ArenaRef to); /* to 0: to everyone */
void java_package_add_export_unnamed(ArenaRef package);
bool java_module_reads(ArenaRef from, ArenaRef to);
bool java_package_is_exported(ArenaRef package, ArenaRef to);
/* java.base has been defined: gives it to the classes that came before, and sets their class objects' module. */
Outcome java_modules_fix_base(Thread *thread, Value module_object);
SymbolRef java_package_name(SymbolRef class_name); /* java/lang of java/lang/String; EMPTY */
/* The module object for Class.module. */
Value java_class_module_object(uint32_t class_index);

bool java_same_package(uint32_t a, uint32_t b);       /* run-time package: loader and name */
bool java_can_access_class(uint32_t from, uint32_t to);
/* A member declared in `holder` with these flags, referred to through class `through`. */
Outcome java_can_access_member(Thread *thread, uint32_t from, uint32_t through, uint32_t holder, unsigned access_flags,
                               bool *allowed); /* may load nest hosts: DONE, THROW, PUSHED */
Outcome java_nest_host(Thread *thread, uint32_t class_index, uint32_t *host);

/* ================================================================ raising (raise.c) and strings (strings.c): theirs */

/* Makes an exception of a class of the boot loader ("java/lang/LinkageError") with a message (modified UTF-8) and raises
 * it: thread->exception is set, returns OUTCOME_THROW. Without guest code: fields are set, the stack trace filled in. */
Outcome java_throw(Thread *thread, const char *class_name, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* With the current thread->exception (may be 0) as the cause; message NULL: none. */
Outcome java_throw_caused(Thread *thread, const char *class_name, const char *message);
Outcome java_throw_memory(Thread *thread);
/* Before an OutOfMemoryError that the machine raises: what the command line asks for then, once. May collect; may not return. */
void java_report_memory(Thread *thread, const char *message);
Value java_string_from_symbol(Thread *thread, SymbolRef symbol, bool dots); /* dots: '/' becomes '.'; 0: exception */
Value java_string_from_text(Thread *thread, const char *text);               /* modified UTF-8 */
Value java_string_intern_symbol(Thread *thread, SymbolRef symbol);            /* the interned string */
Value java_string_intern(Thread *thread, Value string);
SymbolRef java_symbol_from_string(Value string, bool slashes);               /* slashes: '.' becomes '/'; never collects */

/* ================================================================ opening */

/* Opens symbols, world, primitive classes; or only what an image fills, which java_classes_fill makes up for. */
Result java_classes_open(void);
Result java_classes_open_empty(void);
Result java_classes_fill(void);
void java_classes_close(void);
/* HeapHooks.owner_died's part of java/. */
void java_owner_died(uint32_t owner);
/* What was accessed since arena_note_accesses, which ends (else the methods that have code by now, and their classes), is laid side
 * by side, for images (lay_out.c). */
void java_lay_for_start(Thread *thread);
void java_lay_written(void); /* and what every start writes, at last. World stopped */
void java_lay_dictionary(void);
void java_lay_interned(void);
void java_ffi_declare_anew(void); /* foreign functions are bound at their next call, as in a new process */
void java_thread_look_up(Thread *thread); /* what the steps of a main thread look up from here to its end (java_thread.c) */
/* Symbols cannot be moved: an image tells the next one that is written in its place which ones a start has accessed. */
Result java_symbols_append_accessed(Bytes *texts); /* as bytes_append_string writes them */
Reader java_expected_symbols(void);
struct ImageWriter;
Result java_save_start_symbols(struct ImageWriter *writer);

/* ---- front.c: what a start looks up, found in one small table before the large ones. Never collects. ---- */

enum JavaFront { FRONT_SYMBOL = 1, FRONT_CLASS, FRONT_INTERNED }; /* key[2]; else it is a method's descriptor */
bool java_front_begin(void); /* from here to the end what is looked up gets into the table; false: no memory */
void java_front_end(void);
bool java_front_find(uint32_t a, uint32_t b, uint32_t c, uint32_t *value);
void java_front_note(uint32_t a, uint32_t b, uint32_t c, uint32_t value);

/* boot_path.c: the class's file in a folder or jar that patches the module, or that is appended to the boot class path, into
 * bytes (empty before). */
bool boot_path_patch(const char *module, const char *class_name, Bytes *bytes);
bool boot_path_append(const char *class_name, Bytes *bytes);
/* The first element of what is appended to the boot class path that has the package ("a/b"). */
#define BOOT_PATH_BYTES 4096
bool boot_path_of_package(const char *package, char element[BOOT_PATH_BYTES]);

#endif
