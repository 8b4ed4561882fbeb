/* The numbers of ../README.md. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#define PROTOCOL_VERSION 1
#define FIRMWARE_VERSION 1, 0, 0

#define HEADER_BYTES 5
#define LONGEST_MESSAGE 48
#define CRC_BYTES 2
#define STATUS_BYTES 15

#define MAXIMUM_SPEED 10000UL      /* microsteps per second: what the step interrupt keeps up with */
#define MAXIMUM_ACCELERATION 1000000UL
#define FARTHEST_WAY 0x3FFFFFFFL   /* microsteps in one move */
#define FARTHEST_BACKOFF 0x1000000UL

#define HOST_SILENT_MS 2000U
#define FREE_MOTORS_MS 30000U

enum kind { REQUEST = 1, ANSWER = 2, REFUSAL = 3, EVENT = 4 };

enum opcode {
    HELLO = 0x01, STATUS = 0x02,
    MOVE = 0x10, HOME = 0x11, SET_POSITION = 0x12, HOLD = 0x13,
    LIGHT = 0x20, TRIGGER = 0x21,
    STOP = 0x30, ESTOP = 0x31, CLEAR_FAULT = 0x32,
};

enum refusal {
    ACCEPTED = 0, UNREADABLE = 1, VERSION = 2, EPOCH = 3, SEQUENCE = 4, UNSUPPORTED = 5,
    LENGTH = 6, RANGE = 7, BUSY = 8, NOT_HOMED = 9, FAULT = 10,
};

enum state { IDLE = 0, MOVING = 1, HOMING = 2, STOPPING = 3, TRIGGERING = 4 };
enum fault { NO_FAULT = 0, EMERGENCY_STOP = 1, HOST_SILENT = 2 };
enum result { NO_WORK = 0, RUNNING = 1, DONE = 2, STOPPED = 3, SWITCH_NOT_FOUND = 4, SWITCH_STUCK = 5 };
enum cause { UNKNOWN_CAUSE = 0, POWER = 1, RESET_PIN = 2, BROWN_OUT = 3, WATCHDOG = 4 };

enum flag { HOMED_FLAG = 1 /* << axis */, HOLDING_FLAG = 4, SWITCH_FLAG = 8 /* << axis */, TRIGGER_FLAG = 32 };

#define CAPABILITIES 0x3F

#endif
