/* code_blocks.h - files of register code in text form (test/code): each may hold several codes.
 *
 * A code begins at a line "code". Lines behind it of the form
 *     ; ARGUMENT ARGUMENT -> RESULT; ARGUMENT ARGUMENT -> RESULT
 * say what running it gives: a number (0x...: its bits), f0x...: the bits of a float, nan32, nan64, or "throws KIND". */
#ifndef TEST_UNIT_CODE_BLOCKS_H
#define TEST_UNIT_CODE_BLOCKS_H

#include <dirent.h>

#include "code/code.h"
#include "test.h"

/* Calls visit for each code of each file; text is ended by 0. Returns how many; 0: no folder test/code here. */
static int each_code_block(void (*visit)(const char *path, const char *text))
{
    static char text[1 << 20], block[1 << 16];
    DIR *folder = opendir("test/code");
    int count = 0;

    if (folder == NULL) {
        printf("skipped: no folder test/code here\n");
        return 0;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[300];
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 5, ".code") != 0)
            continue;
        snprintf(path, sizeof path, "test/code/%s", entry->d_name);
        FILE *file = fopen(path, "r");
        CHECK(file != NULL);
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
        for (const char *start = strstr(text, "\ncode "), *next; start != NULL; start = next, count++) {
            next = strstr(start + 1, "\ncode ");
            size_t size = next == NULL ? strlen(start) : (size_t)(next - start);
            CHECK(size < sizeof block);
            memcpy(block, start, size);
            block[size] = 0;
            visit(path, block);
        }
    }
    closedir(folder);
    return count;
}

#endif
