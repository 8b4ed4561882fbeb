/* What this start is: its number, kept where power loss does not reach, and its cause. */
#ifndef EPOCH_H
#define EPOCH_H

#include <stdint.h>

#include "protocol.h"

/* Counts this start. 1 to 65535, then 1 again. */
uint16_t epoch_begin(void);

enum cause epoch_cause(void);

#endif
