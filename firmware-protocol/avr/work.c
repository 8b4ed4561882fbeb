#include "work.h"

#include "lights.h"
#include "motion.h"

/* The stages of a homing; see HOME in ../README.md. */
enum stage { LEAVE_SWITCH, CLEAR_SWITCH, SEEK, STEP_BACK, ARRIVE };

static volatile enum state state;
static volatile bool stop;
static enum result result;
static uint8_t sequence, opcode;
static bool ended;
static bool zero[AXES];

static struct homing home;
static enum stage stage;
static uint32_t braked; /* microsteps between the switch and the standstill */

static uint16_t settle, width;

static void begin(uint8_t by, uint8_t what, enum state now)
{
    sequence = by;
    opcode = what;
    result = RUNNING;
    stop = false;
    state = now;
}

static void end(enum result how)
{
    result = how;
    state = IDLE;
    ended = true;
}

void work_move(uint8_t by, uint8_t axis, int32_t way, uint32_t speed, uint32_t acceleration)
{
    if (way == 0) {
        sequence = by;
        result = DONE;
        return;
    }
    begin(by, MOVE, MOVING);
    motion_start(axis, way, speed, acceleration, ALL_THE_WAY);
}

/* Forward for a positive way, whichever direction that is. */
static void go(enum stage next, int32_t way, uint32_t speed, enum until until)
{
    stage = next;
    motion_start(home.axis, home.travel < 0 ? -way : way, speed, home.acceleration, until);
}

static void seek(void)
{
    go(SEEK, home.travel < 0 ? -home.travel : home.travel, home.speed, BRAKE_WHEN_MET);
}

void work_home(uint8_t by, const struct homing *homing)
{
    home = *homing;
    zero[home.axis] = false;
    motion_switch_opens(home.opens);
    begin(by, HOME, HOMING);
    if (motion_switch_met(home.axis))
        go(LEAVE_SWITCH, home.travel < 0 ? home.travel : -home.travel, home.speed, BRAKE_WHEN_OFF);
    else
        seek();
}

static void arrive(void)
{
    uint32_t creep = motion_creep(home.acceleration), slow = home.speed / 4 + 1;
    go(ARRIVE, 2 * home.backoff + braked, creep < slow ? creep : slow, STAND_WHEN_MET);
}

/* A stage of the homing has come to its standstill. */
static void next_stage(void)
{
    int32_t at, way;
    bool hit = motion_hit(&at);
    switch (stage) {
    case LEAVE_SWITCH:
        if (hit)
            go(CLEAR_SWITCH, -(int32_t)home.backoff, home.speed, ALL_THE_WAY);
        else
            end(SWITCH_STUCK);
        break;
    case CLEAR_SWITCH:
        seek();
        break;
    case SEEK:
        if (!hit) {
            end(SWITCH_NOT_FOUND);
            break;
        }
        way = motion_position(home.axis) - at;
        braked = way < 0 ? -way : way;
        go(STEP_BACK, -(int32_t)(braked + home.backoff), home.speed, ALL_THE_WAY);
        break;
    case STEP_BACK:
        if (motion_switch_met(home.axis))
            end(SWITCH_STUCK);
        else
            arrive();
        break;
    case ARRIVE:
        if (!hit) {
            end(SWITCH_NOT_FOUND);
            break;
        }
        motion_set_position(home.axis, 0);
        zero[home.axis] = true;
        end(DONE);
        break;
    }
}

void work_trigger(uint8_t by, uint16_t settle_ms, uint16_t width_ms)
{
    begin(by, TRIGGER, TRIGGERING);
    settle = settle_ms;
    width = width_ms;
    if (!settle)
        trigger_set(true);
}

void work_stop(void)
{
    stop = true;
}

bool work_due(void)
{
    return state != IDLE && state != TRIGGERING ? !motion_running() : stop && state == TRIGGERING;
}

void work_continue(void)
{
    if (!work_due())
        return;
    if (stop) {
        trigger_set(false);
        end(STOPPED);
    } else if (state == HOMING) {
        next_stage();
    } else {
        end(DONE);
    }
}

void work_millisecond(void)
{
    if (state != TRIGGERING)
        return;
    if (settle) {
        if (--settle == 0)
            trigger_set(true);
    } else if (--width == 0) {
        trigger_set(false);
        end(DONE);
    }
}

bool work_ended(uint8_t *what)
{
    bool was = ended;
    ended = false;
    *what = opcode;
    return was;
}

enum state work_state(void)
{
    return stop && (state == MOVING || state == HOMING) ? STOPPING : state;
}

uint8_t work_sequence(void)
{
    return sequence;
}

enum result work_result(void)
{
    return result;
}

bool homed(uint8_t axis)
{
    return zero[axis];
}

void set_homed(uint8_t axis, bool now)
{
    zero[axis] = now;
}
