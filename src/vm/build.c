/* build.c - which build this is. Compiled last, with a checksum of the other object files (Makefile). */
#include "vm/vm.h"

#ifndef BUILD
#define BUILD __DATE__ " " __TIME__
#endif

const char vm_build[] = BUILD;
