/* image_part.h - what an image keeps of the Java guest besides arena and tables. */
#ifndef JAVA_IMAGE_PART_H
#define JAVA_IMAGE_PART_H

#include "base/result.h"

Result java_register_image_part(void);

#endif
