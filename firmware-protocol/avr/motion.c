#include "motion.h"

#include <avr/interrupt.h>
#include <util/atomic.h>
#include <util/delay.h>

#include "board.h"

#define TICKS_PER_SECOND (F_CPU / 8) /* timer 1: half a microsecond */
#define DIRECTION_TICKS 20           /* 10 us from the direction to the first pulse */
#define ENABLE_TICKS 4000            /* 2 ms from current to the first pulse */
#define LONGEST_WAIT 0x7000          /* of one turn of the timer; longer waits take several */
#define SHORTEST_WAIT 8              /* what may still be waited for without missing it */
#define ENTRY_TICKS 8                /* from the compare to the pulse it takes at least this */

struct axis {
    volatile uint8_t *step_port, *direction_port, *enable_port, *switch_pin;
    uint8_t step, direction, enable, switch_bit;
};

#define AXIS(name) { \
    &PORT(name##_STEP), &PORT(name##_DIR), &PORT(name##_ENABLE), &PIN(name##_SWITCH), \
    BIT(name##_STEP), BIT(name##_DIR), BIT(name##_ENABLE), BIT(name##_SWITCH) }

static const struct axis axes[AXES] = { AXIS(TABLE), AXIS(ELEVATION) };

static volatile int32_t position[AXES];
static volatile bool running, hit, holds;
static volatile int32_t hit_position;
static bool opens;

/* The motion under way. The speed after `made` steps is that of m = min(made, left) steps from standstill. */
static struct {
    const struct axis *axis;
    volatile int32_t *position;
    int8_t sign;
    enum until until;
    uint32_t made, left;  /* microsteps */
    uint32_t cruise;      /* ticks a step at full speed */
    uint32_t ramp;        /* steps after which full speed is reached */
    uint32_t first;       /* ticks / sqrt(m): what the ramp allows m steps from standstill */
    uint32_t wait;        /* ticks left until the next step, beyond the present turn of the timer */
} motion;

static uint32_t square_root(uint32_t value)
{
    uint32_t root = 0, bit = 1UL << 30;
    while (bit > value)
        bit >>= 2;
    for (; bit; bit >>= 2) {
        if (value >= root + bit) {
            value -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The ticks to wait when the nearer standstill is m steps away: first / sqrt(m), rounded up, or the cruise's. */
static uint32_t wait_at(uint32_t m)
{
    if (m >= motion.ramp)
        return motion.cruise;
    uint8_t shift = m < 0x10000 ? 8 : m < 0x1000000 ? 4 : 0; /* as many bits of the root as fit */
    uint32_t wait = (motion.first << shift) / square_root(m << (2 * shift)) + 1;
    return wait > motion.cruise ? wait : motion.cruise;
}

static void stand(void)
{
    TIMSK1 &= ~(1 << OCIE1A);
    running = false;
}

/* Sets the compare for the wait that began at a tick, or for as soon as may be where that is over: a late step makes
   its wait longer and is never made up for. Interrupts are off. */
static void schedule(uint16_t began, uint32_t ticks)
{
    uint16_t turn = ticks > LONGEST_WAIT ? LONGEST_WAIT : (uint16_t)ticks;
    uint16_t earliest = TCNT1 - began + SHORTEST_WAIT;
    motion.wait = ticks - turn;
    OCR1A = began + (turn > earliest ? turn : earliest);
    TIFR1 = 1 << OCF1A;
    TIMSK1 |= 1 << OCIE1A;
}

/* Whether the switch is closed, or open where that is asked, in three readings running. */
static bool reads(const struct axis *axis, bool open)
{
    for (uint8_t reading = 0; reading < 3; reading++) {
        if (!(*axis->switch_pin & axis->switch_bit) == open)
            return false;
        _delay_us(1);
    }
    return true;
}

static void brake(void)
{
    motion.left = min(motion.left, min(motion.made, motion.ramp));
    if (!motion.left)
        stand();
}

static void watch_switch(void)
{
    if (reads(motion.axis, opens) == (motion.until == BRAKE_WHEN_OFF))
        return;
    hit = true;
    hit_position = *motion.position;
    if (motion.until == STAND_WHEN_MET)
        motion.left = 0;
    else
        brake();
    motion.until = ALL_THE_WAY;
}

ISR(TIMER1_COMPA_vect)
{
    if (motion.wait) {
        schedule(OCR1A, motion.wait);
        return;
    }

    uint16_t began = TCNT1;
    *motion.axis->step_port |= motion.axis->step;
    _delay_us(2);
    *motion.position += motion.sign;
    motion.made++;
    motion.left--;
    if (motion.until)
        watch_switch();
    *motion.axis->step_port &= ~motion.axis->step;
    if (!motion.left) {
        stand();
        return;
    }

    /* The arithmetic takes longer than a byte takes to arrive: others may interrupt it, but not this one itself. */
    TIMSK1 &= ~(1 << OCIE1A);
    uint32_t m = min(motion.made, motion.left);
    sei();
    uint32_t ticks = wait_at(m);
    cli();
    if (running)
        schedule(began, ticks - ENTRY_TICKS);
}

void motion_init(void)
{
    DDR(TABLE_STEP) |= BIT(TABLE_STEP);
    DDR(TABLE_DIR) |= BIT(TABLE_DIR);
    DDR(ELEVATION_STEP) |= BIT(ELEVATION_STEP);
    DDR(ELEVATION_DIR) |= BIT(ELEVATION_DIR);
    PORT(TABLE_SWITCH) |= BIT(TABLE_SWITCH);
    PORT(ELEVATION_SWITCH) |= BIT(ELEVATION_SWITCH);
    motion_hold(false);
    DDR(TABLE_ENABLE) |= BIT(TABLE_ENABLE);
    DDR(ELEVATION_ENABLE) |= BIT(ELEVATION_ENABLE);
    TCCR1B = 1 << CS11;
}

void motion_start(uint8_t axis, int32_t way, uint32_t speed, uint32_t acceleration, enum until until)
{
    motion.axis = &axes[axis];
    motion.position = &position[axis];
    motion.sign = way < 0 ? -1 : 1;
    motion.left = way < 0 ? -(uint32_t)way : (uint32_t)way;
    motion.made = 0;
    motion.until = until;
    motion.cruise = (1000UL * TICKS_PER_SECOND + speed - 1) / speed;

    /* first = ticks / sqrt(2 a), with as many bits of the root as fit and rounded up. */
    uint8_t shift = 0;
    uint32_t twice = 2 * acceleration;
    while (twice < 0x40000000UL) {
        twice <<= 2;
        shift++;
    }
    motion.first = (uint32_t)((((uint64_t)TICKS_PER_SECOND) << shift) / square_root(twice)) + 1;
    motion.ramp = (uint32_t)((uint64_t)motion.first * motion.first / ((uint64_t)motion.cruise * motion.cruise)) + 1;

    bool held = holds;
    motion_hold(true);
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (motion.sign > 0)
            *motion.axis->direction_port |= motion.axis->direction;
        else
            *motion.axis->direction_port &= ~motion.axis->direction;
        hit = false;
        running = true;
        schedule(TCNT1, held ? DIRECTION_TICKS : ENABLE_TICKS);
    }
}

void motion_brake(void)
{
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (running)
            brake();
    }
}

void motion_halt(void)
{
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        stand();
        motion_hold(false);
    }
}

bool motion_running(void)
{
    return running;
}

bool motion_hit(int32_t *where)
{
    *where = hit_position;
    return hit;
}

int32_t motion_position(uint8_t axis)
{
    int32_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        now = position[axis];
    }
    return now;
}

void motion_set_position(uint8_t axis, int32_t now)
{
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        position[axis] = now;
    }
}

void motion_hold(bool hold)
{
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        for (uint8_t i = 0; i < AXES; i++) {
            if (hold)
                *axes[i].enable_port &= ~axes[i].enable;
            else
                *axes[i].enable_port |= axes[i].enable;
        }
        holds = hold;
    }
}

bool motion_holds(void)
{
    return holds;
}

bool motion_switch_closed(uint8_t axis)
{
    return reads(&axes[axis], false);
}

bool motion_switch_met(uint8_t axis)
{
    return reads(&axes[axis], opens);
}

void motion_switch_opens(bool value)
{
    opens = value;
}

uint32_t motion_creep(uint32_t acceleration)
{
    return square_root(2 * acceleration) * 1000;
}
