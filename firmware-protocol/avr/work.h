/* What lasts: a move, a homing, a trigger. One at a time, begun by a request and ended by an event. */
#ifndef WORK_H
#define WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

struct homing {
    uint8_t axis;
    bool opens;
    int32_t travel;
    uint32_t backoff, speed, acceleration;
};

void work_move(uint8_t sequence, uint8_t axis, int32_t way, uint32_t speed, uint32_t acceleration);
void work_home(uint8_t sequence, const struct homing *homing);
void work_trigger(uint8_t sequence, uint16_t settle_ms, uint16_t width_ms);

/* Notes that a stop came or that the host is gone; the motion brakes by itself. From any context. */
void work_stop(void);

/* Goes on with what is under way; to be called often. */
void work_continue(void);
void work_millisecond(void);

/* Whether work_continue has something to do. From any context. */
bool work_due(void);

/* Whether a work has ended since this was last asked, and the opcode that began it. */
bool work_ended(uint8_t *opcode);

enum state work_state(void);
uint8_t work_sequence(void);
enum result work_result(void);

bool homed(uint8_t axis);
void set_homed(uint8_t axis, bool homed);

#endif
