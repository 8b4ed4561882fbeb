/* The reference board for RigLink (../README.md): requests are answered here, everything that is in a hurry happens in
   interrupts, and whenever there is nothing to do the microcontroller sleeps. */
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <string.h>

#include "board.h"
#include "epoch.h"
#include "lights.h"
#include "line.h"
#include "motion.h"
#include "protocol.h"
#include "work.h"

static uint16_t epoch;
static volatile uint8_t milliseconds;
static volatile bool emergency;
static enum fault fault;
static uint16_t silent_ms;
static bool greeted;

/* The last sequence that was consumed and what became of it. */
static uint8_t last_sequence;
static struct { uint8_t code; uint16_t detail; } last;

ISR(TIMER0_COMPA_vect)
{
    milliseconds++;
}

void line_on_stop(uint8_t opcode)
{
    work_stop();
    if (opcode == ESTOP) {
        motion_halt();
        emergency = true;
    } else {
        motion_brake();
    }
}

static uint16_t u16(const uint8_t *at)
{
    return at[0] | (uint16_t)at[1] << 8;
}

static uint32_t u32(const uint8_t *at)
{
    return u16(at) | (uint32_t)u16(at + 2) << 16;
}

static void put(uint8_t *at, uint32_t value, uint8_t bytes)
{
    for (; bytes; bytes--, value >>= 8)
        *at++ = value & 0xFF;
}

static void send_status(enum kind kind, uint8_t sequence, uint8_t opcode)
{
    uint8_t body[STATUS_BYTES];
    body[0] = work_state();
    body[1] = (motion_holds() ? HOLDING_FLAG : 0) | (trigger_on() ? TRIGGER_FLAG : 0);
    for (uint8_t axis = 0; axis < AXES; axis++) {
        body[1] |= (homed(axis) ? HOMED_FLAG << axis : 0) | (motion_switch_closed(axis) ? SWITCH_FLAG << axis : 0);
        put(body + 5 + 4 * axis, motion_position(axis), 4);
    }
    body[2] = fault;
    body[3] = work_sequence();
    body[4] = work_result();
    put(body + 13, line_unreadable(), 2);
    line_send(PROTOCOL_VERSION, kind, sequence, epoch, opcode, body, sizeof body);
}

static void send_refusal(uint8_t version, uint8_t sequence, uint8_t opcode, enum refusal code, uint16_t detail)
{
    uint8_t body[] = { code, detail & 0xFF, detail >> 8 };
    line_send(version, REFUSAL, sequence, epoch, opcode, body, sizeof body);
}

static void send_greeting(const uint8_t *message)
{
    uint8_t body[] = {
        'R', 'L', 'N', 'K', message[5], message[6], message[7], message[8], PROTOCOL_VERSION, PROTOCOL_VERSION,
        FIRMWARE_VERSION, BOARD_ID, epoch_cause(), CAPABILITIES & 0xFF, CAPABILITIES >> 8, LIGHTS, LONGEST_MESSAGE,
        MAXIMUM_SPEED & 0xFF, MAXIMUM_SPEED >> 8, 0, 0 };
    line_send(0, ANSWER, message[1], epoch, HELLO, body, sizeof body);
}

/* The length of a request's body, or 0xFF for what this board does not know. */
static uint8_t body_length(uint8_t opcode)
{
    switch (opcode) {
    case STATUS: case STOP: case ESTOP: case CLEAR_FAULT: return 0;
    case HOLD: return 1;
    case LIGHT: case TRIGGER: return 4;
    case SET_POSITION: return 5;
    case MOVE: return 13;
    case HOME: return 18;
    default: return 0xFF;
    }
}

static enum refusal refuse(enum refusal code, uint16_t detail)
{
    last.detail = detail;
    return code;
}

static enum refusal out_of_range(uint16_t field)
{
    return refuse(RANGE, field);
}

/* Whether speed (the given field) and acceleration (the next) are possible. */
static enum refusal check_ramp(uint32_t speed, uint32_t acceleration, uint8_t field)
{
    if (speed < 1 || speed > 1000 * MAXIMUM_SPEED)
        return out_of_range(field);
    if (acceleration < 1 || acceleration > MAXIMUM_ACCELERATION)
        return out_of_range(field + 1);
    return ACCEPTED;
}

static enum refusal check_free(bool moves)
{
    if (fault && moves)
        return refuse(FAULT, fault);
    return work_state() ? refuse(BUSY, work_state()) : ACCEPTED;
}

static enum refusal ask_move(uint8_t sequence, const uint8_t *body)
{
    uint8_t axis = body[0];
    uint32_t speed = u32(body + 5), acceleration = u32(body + 9);
    if (axis >= AXES)
        return out_of_range(1);
    int32_t way = u32(body + 1) - (uint32_t)motion_position(axis);
    bool far = way > FARTHEST_WAY || way < -FARTHEST_WAY;
    enum refusal refusal = check_ramp(speed, acceleration, 3);
    if (far && !work_state())
        refusal = out_of_range(2);
    if (!refusal)
        refusal = check_free(true);
    if (!refusal && !homed(axis))
        refusal = refuse(NOT_HOMED, axis);
    if (!refusal)
        work_move(sequence, axis, way, speed, acceleration);
    return refusal;
}

static enum refusal ask_home(uint8_t sequence, const uint8_t *body)
{
    struct homing homing = { body[0], body[1], u32(body + 2), u32(body + 6), u32(body + 10), u32(body + 14) };
    if (homing.axis >= AXES)
        return out_of_range(1);
    if (body[1] > 1)
        return out_of_range(2);
    if (homing.travel == 0 || homing.travel > FARTHEST_WAY || homing.travel < -FARTHEST_WAY)
        return out_of_range(3);
    if (homing.backoff < 1 || homing.backoff > FARTHEST_BACKOFF)
        return out_of_range(4);
    enum refusal refusal = check_ramp(homing.speed, homing.acceleration, 5);
    if (!refusal)
        refusal = check_free(true);
    if (!refusal)
        work_home(sequence, &homing);
    return refusal;
}

static enum refusal ask_position(const uint8_t *body)
{
    if (body[0] >= AXES)
        return out_of_range(1);
    enum refusal refusal = check_free(false);
    if (!refusal) {
        motion_set_position(body[0], u32(body + 1));
        set_homed(body[0], true);
    }
    return refusal;
}

static void free_motors(void)
{
    motion_hold(false);
    for (uint8_t axis = 0; axis < AXES; axis++)
        set_homed(axis, false);
}

static enum refusal ask_hold(const uint8_t *body)
{
    if (body[0] > 1)
        return out_of_range(1);
    enum refusal refusal = check_free(false);
    if (!refusal && body[0])
        motion_hold(true);
    else if (!refusal)
        free_motors();
    return refusal;
}

static enum refusal ask_light(const uint8_t *body)
{
    if (body[0] >= LIGHTS)
        return out_of_range(1);
    if (fault)
        return refuse(FAULT, fault);
    lights_set(body[0], body[1], u16(body + 2));
    return ACCEPTED;
}

static enum refusal ask_trigger(uint8_t sequence, const uint8_t *body)
{
    uint16_t width = u16(body + 2);
    if (width < 1 || width > 60000)
        return out_of_range(2);
    enum refusal refusal = check_free(true);
    if (!refusal)
        work_trigger(sequence, u16(body), width);
    return refusal;
}

/* Does what is asked, or says why not. */
static enum refusal obey(uint8_t sequence, uint8_t opcode, const uint8_t *body, uint8_t length)
{
    uint8_t expected = body_length(opcode);
    if (expected == 0xFF)
        return refuse(UNSUPPORTED, 0);
    if (length != expected)
        return refuse(LENGTH, expected);
    switch (opcode) {
    case MOVE: return ask_move(sequence, body);
    case HOME: return ask_home(sequence, body);
    case SET_POSITION: return ask_position(body);
    case HOLD: return ask_hold(body);
    case LIGHT: return ask_light(body);
    case TRIGGER: return ask_trigger(sequence, body);
    case CLEAR_FAULT: fault = NO_FAULT; break;
    }
    return ACCEPTED; /* STOP and ESTOP were obeyed when they came */
}

static void answer(const struct message *message)
{
    const uint8_t *bytes = message->bytes;
    uint8_t version = bytes[0] >> 4, sequence = bytes[1], opcode = bytes[4], length = message->length - HEADER_BYTES;
    uint16_t of = u16(bytes + 2);
    if ((bytes[0] & 0x0F) != REQUEST)
        return;

    silent_ms = 0;
    if (version == 0 && opcode == HELLO && length == 4) {
        greeted = true;
        last_sequence = sequence;
        last.code = ACCEPTED;
        send_greeting(bytes);
    } else if (version != PROTOCOL_VERSION) {
        send_refusal(0, sequence, opcode, VERSION, PROTOCOL_VERSION | PROTOCOL_VERSION << 8);
    } else if (of != epoch) {
        send_refusal(PROTOCOL_VERSION, sequence, opcode, EPOCH, epoch);
    } else if (sequence != last_sequence && sequence != (uint8_t)(last_sequence + 1)) {
        send_refusal(PROTOCOL_VERSION, sequence, opcode, SEQUENCE, (uint8_t)(last_sequence + 1));
    } else {
        if (sequence != last_sequence) {
            last_sequence = sequence;
            last.code = obey(sequence, opcode, bytes + HEADER_BYTES, length);
        }
        if (last.code)
            send_refusal(PROTOCOL_VERSION, sequence, opcode, last.code, last.detail);
        else
            send_status(ANSWER, sequence, opcode);
    }
}

static void every_millisecond(void)
{
    lights_millisecond();
    work_millisecond();
    bool on = work_state() || motion_holds() || lights_any();
    if (!greeted || !on) {
        silent_ms = 0;
        return;
    }
    if (silent_ms < FREE_MOTORS_MS)
        silent_ms++;
    if (silent_ms == HOST_SILENT_MS) {
        work_stop();
        motion_brake();
        lights_out();
        fault = HOST_SILENT;
    } else if (silent_ms == FREE_MOTORS_MS) {
        free_motors();
    }
}

/* Sleeps until an interrupt, unless one has just brought something to do. */
static void sleep_until_due(uint8_t handled)
{
    cli();
    if (milliseconds == handled && !work_due() && !(line_free() && line_received())) {
        sleep_enable();
        sei();
        sleep_cpu();
        sleep_disable();
    }
    sei();
}

int main(void)
{
    line_init();
    lights_init();
    motion_init();
    epoch = epoch_begin();
    TCCR0A = 1 << WGM01;
    TCCR0B = 1 << CS01 | 1 << CS00;
    OCR0A = F_CPU / 64 / 1000 - 1;
    TIMSK0 = 1 << OCIE0A;
    set_sleep_mode(SLEEP_MODE_IDLE);
    wdt_enable(WDTO_250MS);
    sei();
    send_status(EVENT, 0, HELLO);

    uint8_t handled = 0;
    for (;;) {
        /* The watchdog is fed by the clock's beat, so a clock that stands starves it too. */
        while (handled != milliseconds) {
            handled++;
            every_millisecond();
            wdt_reset();
        }
        uint8_t opcode;
        const struct message *message = line_received();
        work_continue();
        if (emergency) { /* looked at after the message that brought it */
            emergency = false;
            fault = EMERGENCY_STOP;
            free_motors();
        }

        if (line_free() && message) {
            answer(message);
            line_release();
        } else if (line_free() && line_was_unreadable()) {
            send_refusal(PROTOCOL_VERSION, 0, 0, UNREADABLE, 0);
        } else if (line_free() && work_ended(&opcode)) {
            send_status(EVENT, work_sequence(), opcode);
        }
        sleep_until_due(handled);
    }
}
