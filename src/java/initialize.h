/* initialize.h - start-up of initialize.c. */
#ifndef JAVA_INITIALIZE_H
#define JAVA_INITIALIZE_H

void initialize_open(void);

#endif
