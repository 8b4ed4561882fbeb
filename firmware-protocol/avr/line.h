/* The serial line: frames in and out. Receiving is done in the interrupt, a stop included. */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

struct message {
    uint8_t length;
    uint8_t bytes[LONGEST_MESSAGE];
};

void line_init(void);

/* The message that has come and is not yet released, or null. */
const struct message *line_received(void);
void line_release(void);

/* Whether an unreadable frame has come since this was last asked, and how many since the start. */
bool line_was_unreadable(void);
uint16_t line_unreadable(void);

/* Whether a message can be sent now. */
bool line_free(void);
void line_send(uint8_t version, enum kind kind, uint8_t sequence, uint16_t epoch, uint8_t opcode, const uint8_t *body, uint8_t length);

/* Called from the interrupt for every STOP and ESTOP that comes whole. */
void line_on_stop(uint8_t opcode);

#endif
