/* flags.c - access flags as modifiers of the language and as the names of the specification (JVMS 4.1, 4.5, 4.6, 4.7.6). */
#include "javap/javap_internal.h"

/* What each bit is called, for those who have it: c class, i inner class, f field, m method. A bit without a word there
 * is not shown. */
typedef struct FlagName {
    uint16_t bit;
    const char *owners, *name;
    const char *modifier_owners, *modifier;
} FlagName;

static const FlagName flag_names[] = {
    {0x0001, "cifm", "ACC_PUBLIC", "cifm", "public "},
    {0x0002, "ifm", "ACC_PRIVATE", "ifm", "private "},
    {0x0004, "ifm", "ACC_PROTECTED", "ifm", "protected "},
    {0x0008, "ifm", "ACC_STATIC", "ifm", "static "},
    {0x0010, "cifm", "ACC_FINAL", "cifm", "final "},
    {0x0020, "ci", "ACC_SUPER", "", ""},
    {0x0020, "m", "ACC_SYNCHRONIZED", "m", "synchronized "},
    {0x0040, "f", "ACC_VOLATILE", "f", "volatile "},
    {0x0040, "m", "ACC_BRIDGE", "", ""},
    {0x0080, "f", "ACC_TRANSIENT", "f", "transient "},
    {0x0080, "m", "ACC_VARARGS", "", ""},
    {0x0100, "m", "ACC_NATIVE", "m", "native "},
    {0x0200, "ci", "ACC_INTERFACE", "", ""},
    {0x0400, "cim", "ACC_ABSTRACT", "cim", "abstract "},
    {0x0800, "m", "ACC_STRICT", "m", "strictfp "},
    {0x1000, "cifm", "ACC_SYNTHETIC", "", ""},
    {0x2000, "ci", "ACC_ANNOTATION", "", ""},
    {0x4000, "cif", "ACC_ENUM", "", ""},
    {0x8000, "c", "ACC_MODULE", "", ""},
};

static const char owner_letters[] = {
    [FLAGS_CLASS] = 'c', [FLAGS_INNER_CLASS] = 'i', [FLAGS_FIELD] = 'f', [FLAGS_METHOD] = 'm'};

void print_modifiers(Printer *printer, unsigned flags, enum FlagOwner owner)
{
    if (owner <= FLAGS_INNER_CLASS && flags & 0x0200) flags &= ~0x0400u; /* an interface is abstract anyway */
    for (size_t i = 0; i < COUNT_OF(flag_names); i++)
        if (flags & flag_names[i].bit && strchr(flag_names[i].modifier_owners, owner_letters[owner]) != NULL)
            output_text(printer->out, flag_names[i].modifier);
}

const char *flag_name(unsigned bit, enum FlagOwner owner)
{
    for (size_t i = 0; i < COUNT_OF(flag_names); i++)
        if (bit == flag_names[i].bit && strchr(flag_names[i].owners, owner_letters[owner]) != NULL)
            return flag_names[i].name;
    return NULL;
}

static void print_flag(Output *out, const char **separator, const char *name)
{
    output_text(out, *separator);
    output_text(out, name);
    *separator = ", ";
}

/* The bits that have no name follow, the highest first. */
void print_flags_line(Printer *printer, unsigned flags, enum FlagOwner owner)
{
    const char *separator = "";

    begin_line(printer, "flags: (0x");
    output_hex(printer->out, flags, 4);
    output_text(printer->out, ") ");
    for (unsigned bit = 1; bit <= 0x8000; bit <<= 1)
        if (flags & bit && flag_name(bit, owner) != NULL) print_flag(printer->out, &separator, flag_name(bit, owner));
    for (unsigned bit = 0x8000; bit > 0; bit >>= 1)
        if (flags & bit && flag_name(bit, owner) == NULL) {
            print_flag(printer->out, &separator, "0x");
            output_hex(printer->out, bit, 1);
        }
    output_end_line(printer->out);
}
