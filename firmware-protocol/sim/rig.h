/* What hangs at the board's pins: two motors with their drivers and switches, a camera's contact, lights. All are counters. */
#ifndef RIG_H
#define RIG_H

#include "sim.h"

#define AXES 2

/* Whether there is a rig for this processor; it is then the one that is wired. */
bool rig_for(const char *mcu);

/* Connects it to the processor's pins. */
void rig_wire(void);

/* The drivers lose their current while the processor is reset. */
void rig_reset(void);

/* A switch that is closed from `at` for `width` microsteps of each `turn`; 0 is no turn, but for ever. */
void rig_switch(int axis, long at, long width, long turn);

/* The motor stands elsewhere than its driver was told. */
void rig_slip(int axis, long steps);

/* The parts of a JSON object that tell what the pins did; what was shortest begins anew. */
void rig_print(void);

#endif
