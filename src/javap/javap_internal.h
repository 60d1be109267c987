/* javap_internal.h - what the files that print a class share. */
#ifndef JAVAP_JAVAP_INTERNAL_H
#define JAVAP_JAVAP_INTERNAL_H
#include "base/base.h"
#include "javap/classfile.h"
#include "javap/javap.h"
#include "javap/output.h"

#define PRINTER_DEPTH_LIMIT 200 /* annotations in annotations, types in types, attributes in attributes */

/* The text of a class, of so many bytes: what makes more refers to the same long names over and over. */
#define PRINTER_TEXT_LIMIT(class_bytes) (((uint64_t)16 << 20) + (uint64_t)1000 * (class_bytes))

typedef struct Printer {
    Output *out;
    const JavapOptions *options;
    const ClassFile *class;
    unsigned depth;
    Result result; /* the first failure, whose message is set; nothing more is printed then */
} Printer;

static inline bool printer_is_stopped(const Printer *printer) { return printer->result != OK || printer->out->failed; }
/* Notes the first defect; `at` is its offset in the file. */
__attribute__((format(printf, 3, 4))) void printer_fail(Printer *printer, size_t at, const char *format, ...);
/* true, and one level deeper; false: too deep, and noted. */
bool printer_enter(Printer *printer, size_t at);
static inline void printer_leave(Printer *printer) { printer->depth--; }

/* A reader over an attribute's contents, whose position is the offset in the file. */
static inline Reader attribute_reader(const Printer *printer, const Attribute *attribute)
{
    return (Reader){printer->class->bytes, attribute->at + (size_t)attribute->size, attribute->at, false};
}
/* Notes a failure if the reader read past its end. true: it is fine. */
bool printer_check(Printer *printer, const Reader *reader);

/* ---- constants (constants.c). Indexes that do not fit are noted as failures. ---- */

const Constant *printer_constant(Printer *printer, unsigned index, enum ConstantTag tag);
const Constant *printer_utf8(Printer *printer, unsigned index);
/* The Utf8 that is the name of a Class, Module or Package. */
const Constant *printer_class_name(Printer *printer, unsigned index);
void print_utf8(Printer *printer, unsigned index);         /* as it is */
void print_utf8_escaped(Printer *printer, unsigned index); /* as in Java's literals, without the quotes */
void print_utf8_name(Printer *printer, unsigned index);    /* in quotes if it is no name of the Java language */
void print_utf8_dotted(Printer *printer, unsigned index);  /* '/' as '.' */
void print_utf8_text(Printer *printer, const Constant *utf8);
void print_class_dotted(Printer *printer, unsigned index); /* of a Class */
/* What a constant stands for: "java/lang/String.length:()I", "5l", "REF_invokeStatic ...". */
void print_constant(Printer *printer, unsigned index);
/* With its kind before it: "Method length:()I"; members of this class are named without it. */
void print_constant_kind(Printer *printer, unsigned index);
void print_constant_pool(Printer *printer);
const char *constant_tag_name(unsigned tag);    /* "Methodref" ... */
const char *reference_kind_name(unsigned kind); /* "REF_getField" ...; NULL: none */
void print_double(Output *out, double value);
void print_float(Output *out, float value);
/* The value of a constant as Java source, by the type of the field. */
void print_field_constant(Printer *printer, char type, unsigned index);

/* The units of UTF-16 that a Utf8 stands for, one at each call; -1 at the end. */
int utf8_next_unit(const uint8_t **at, const uint8_t *end);
void output_character(Output *out, uint32_t character);     /* as UTF-8 */
void output_raw_character(Output *out, uint32_t character); /* the same, but '\n' ends the line */
bool is_identifier_start(uint32_t character);
bool is_identifier_part(uint32_t character);

/* ---- types (types.c) ---- */

void print_field_type(Printer *printer, unsigned descriptor);
void print_return_type(Printer *printer, unsigned descriptor);
/* "(int, java.lang.String...)" */
void print_parameter_types(Printer *printer, unsigned descriptor, bool is_varargs);
unsigned count_parameters(Printer *printer, unsigned descriptor);
void print_field_signature(Printer *printer, unsigned signature);
/* What stands between a class's name and its body. */
void print_class_signature(Printer *printer, unsigned signature, bool is_interface);
typedef struct MethodSignature {
    unsigned index;                        /* of the Utf8 */
    size_t parameters, result, exceptions; /* where they begin in it: '(', what follows ')', the first '^' or the end */
} MethodSignature;
bool method_signature_read(Printer *printer, unsigned index, MethodSignature *signature);
void print_method_type_parameters(Printer *printer, const MethodSignature *signature); /* "<T> " or nothing */
void print_method_result(Printer *printer, const MethodSignature *signature);
void print_method_parameters(Printer *printer, const MethodSignature *signature, bool is_varargs);
/* false: there are none. Else prints them with ", " between, and with the slashes that JDK 17 leaves in their names. */
bool print_method_exceptions(Printer *printer, const MethodSignature *signature);

/* ---- attributes ---- */

/* What holds the attributes; member is NULL for a class. */
void print_attributes(Printer *printer, AttributeList list, const Member *member);
void print_code(Printer *printer, const Attribute *attribute, const Member *method); /* code.c */
/* What -c and -l show of it without -v. */
void print_code_parts(Printer *printer, const Attribute *attribute, const Member *method);
void print_stack_map_table(Printer *printer, Reader *reader); /* stackmap.c */
void print_stack_map(Printer *printer, Reader *reader);       /* of CLDC */
void print_annotations(Printer *printer, Reader *reader);     /* annotations.c */
void print_parameter_annotations(Printer *printer, Reader *reader);
void print_type_annotations(Printer *printer, Reader *reader);
void print_annotation_default(Printer *printer, Reader *reader);
void print_module(Printer *printer, Reader *reader);          /* module.c */
void print_module_directives(Printer *printer);               /* as in module-info.java */
bool printer_shows(const Printer *printer, unsigned flags);   /* is something of these flags visible enough? */
void print_line_tables(Printer *printer, AttributeList list); /* those of line numbers and of local variables */

/* Modifiers and flags (flags.c): what a bit is called depends on what it belongs to. */
enum FlagOwner { FLAGS_CLASS, FLAGS_INNER_CLASS, FLAGS_FIELD, FLAGS_METHOD };
void print_modifiers(Printer *printer, unsigned flags, enum FlagOwner owner);  /* "public static " */
void print_flags_line(Printer *printer, unsigned flags, enum FlagOwner owner); /* "flags: (0x0001) ACC_PUBLIC" */
const char *flag_name(unsigned bit, enum FlagOwner owner); /* "ACC_PUBLIC"; NULL: not one of the owner's */

/* A line that begins with the indentation and `text`. */
static inline void begin_line(Printer *printer, const char *text)
{
    output_indent(printer->out);
    output_text(printer->out, text);
}
static inline void begin_comment(Printer *printer)
{
    output_tab(printer->out);
    output_bytes(printer->out, "// ", 3);
}

#endif
