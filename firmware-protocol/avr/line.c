#include "line.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <string.h>
#include <util/atomic.h>
#include <util/crc16.h>

#include "board.h"

#define BAUD 115200
#define LONGEST_PLAIN (LONGEST_MESSAGE + CRC_BYTES)

/* The CRC runs two bytes behind what is received, as the last two are the CRC itself. */
static struct message buffers[2];
static struct {
    uint8_t code;       /* bytes left in the present block of COBS, its code byte included */
    bool zero;          /* whether a zero is owed before the next block */
    bool spoiled;       /* whether the piece can no longer become a frame */
    bool any;           /* whether anything has come since the last 00 */
    uint8_t length;
    uint8_t tail[CRC_BYTES];
    uint16_t crc;
    uint8_t filling;    /* which of the buffers */
} in;

static volatile bool ready, noise;
static volatile uint16_t unreadable;

static uint8_t out[LONGEST_PLAIN + 3];
static volatile uint8_t out_next, out_length;

static void begin(void)
{
    in.code = 0;
    in.zero = in.spoiled = in.any = false;
    in.length = 0;
    in.crc = 0xFFFF;
}

static void take(uint8_t value)
{
    if (in.length == LONGEST_PLAIN) {
        in.spoiled = true;
        return;
    }
    if (in.length >= CRC_BYTES) {
        uint8_t settled = in.tail[0];
        buffers[in.filling].bytes[in.length - CRC_BYTES] = settled;
        in.crc = _crc_xmodem_update(in.crc, settled);
    }
    in.tail[0] = in.tail[1];
    in.tail[1] = value;
    in.length++;
}

static void end(void)
{
    struct message *message = &buffers[in.filling];
    uint16_t crc = in.tail[0] | (uint16_t)in.tail[1] << 8;
    if (in.spoiled || in.code != 0 || in.length < HEADER_BYTES + CRC_BYTES || crc != in.crc) {
        unreadable++;
        noise = true;
        return;
    }

    message->length = in.length - CRC_BYTES;
    if (message->bytes[0] == (PROTOCOL_VERSION << 4 | REQUEST) && (message->bytes[4] == STOP || message->bytes[4] == ESTOP))
        line_on_stop(message->bytes[4]);

    /* A second message before the first was dealt with: a host that does not wait. It will ask again. */
    if (!ready) {
        ready = true;
        in.filling ^= 1;
    }
}

ISR(RECEIVED_vect)
{
    uint8_t value = UDR0;
    if (value == 0) {
        if (in.any)
            end();
        begin();
        return;
    }

    in.any = true;
    if (in.code == 0) {
        if (in.zero)
            take(0);
        in.code = value - 1;
        in.zero = true;
    } else {
        take(value);
        in.code--;
    }
}

ISR(SENDER_EMPTY_vect)
{
    UDR0 = out[out_next++];
    if (out_next == out_length) {
        UCSR0B &= ~(1 << UDRIE0);
        out_length = 0;
    }
}

void line_init(void)
{
    begin();
    UBRR0 = (F_CPU / 4 / BAUD - 1) / 2;
    UCSR0A = 1 << U2X0;
    UCSR0C = 1 << UCSZ01 | 1 << UCSZ00;
    UCSR0B = 1 << RXEN0 | 1 << TXEN0 | 1 << RXCIE0;
}

const struct message *line_received(void)
{
    return ready ? &buffers[in.filling ^ 1] : 0;
}

void line_release(void)
{
    ready = false;
}

bool line_was_unreadable(void)
{
    bool was = noise;
    noise = false;
    return was;
}

uint16_t line_unreadable(void)
{
    uint16_t count;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        count = unreadable;
    }
    return count;
}

bool line_free(void)
{
    return out_length == 0;
}

void line_send(uint8_t version, enum kind kind, uint8_t sequence, uint16_t epoch, uint8_t opcode, const uint8_t *body, uint8_t length)
{
    /* The message is laid two bytes into the frame, where COBS then runs over it in place. */
    uint8_t *plain = out + 2;
    plain[0] = version << 4 | kind;
    plain[1] = sequence;
    plain[2] = epoch & 0xFF;
    plain[3] = epoch >> 8;
    plain[4] = opcode;
    memcpy(plain + HEADER_BYTES, body, length);
    length += HEADER_BYTES;

    uint16_t crc = 0xFFFF;
    for (uint8_t i = 0; i < length; i++)
        crc = _crc_xmodem_update(crc, plain[i]);
    plain[length++] = crc & 0xFF;
    plain[length++] = crc >> 8;

    uint8_t *code = out + 1;
    *code = 1;
    for (uint8_t i = 0; i < length; i++) {
        if (plain[i] == 0) {
            code = plain + i;
            *code = 1;
        } else {
            ++*code;
        }
    }

    out[0] = 0;
    plain[length] = 0;
    out_next = 0;
    out_length = length + 3;
    UCSR0B |= 1 << UDRIE0;
}
