/* One axis at a time along a trapezoid of speed, step by step in the interrupt of timer 1. */
#ifndef MOTION_H
#define MOTION_H

#include <stdbool.h>
#include <stdint.h>

#define AXES 2

/* What a switch does to a motion. */
enum until {
    ALL_THE_WAY,          /* nothing */
    BRAKE_WHEN_MET,       /* brakes along the ramp */
    BRAKE_WHEN_OFF,
    STAND_WHEN_MET,       /* makes no further step: for speeds from which a motor stops at once */
};

void motion_init(void);

/* Starts; way in microsteps, not 0; speed in thousandths of a microstep per second; acceleration in microsteps per second squared. */
void motion_start(uint8_t axis, int32_t way, uint32_t speed, uint32_t acceleration, enum until until);

/* Brakes along the ramp. From any context. */
void motion_brake(void);

/* Makes no further step and frees the motors. From any context. */
void motion_halt(void);

bool motion_running(void);

/* Whether the switch ended the last motion, and where it was then. */
bool motion_hit(int32_t *position);

int32_t motion_position(uint8_t axis);
void motion_set_position(uint8_t axis, int32_t position);

/* Current in the motors. Starting a motion holds by itself. */
void motion_hold(bool hold);
bool motion_holds(void);

/* Whether the axis' switch is closed, and whether the axis has met it: a switch may open there instead. */
bool motion_switch_closed(uint8_t axis);
bool motion_switch_met(uint8_t axis);
void motion_switch_opens(bool opens);

/* The speed from which a motor with this acceleration stops at once, sqrt(2 a), in thousandths. */
uint32_t motion_creep(uint32_t acceleration);

#endif
