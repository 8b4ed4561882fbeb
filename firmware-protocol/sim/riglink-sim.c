/* Runs a board's firmware in simavr: its serial line is a pseudo-terminal, its motors are counters.

   riglink-sim FIRMWARE.elf atmega328p|atmega2560

   The first line of output is the pseudo-terminal's name; the board starts when somebody opens it. Then each line of
   standard input is a command, answered by one line; when standard input ends, so does the simulator. The board's time
   is the wall's; where the machine is too slow for that it falls behind, and what is more than 50 ms is not caught up.

   state                      one line of JSON: what the pins did (see rig_print)
   switch AXIS AT WIDTH TURN  a switch that is closed from AT for WIDTH microsteps of each TURN (0: from AT on for ever)
   slip AXIS STEPS            the motor stands elsewhere than its driver was told: lost steps
   reset power|pin|brownout   as the wire would
   hang                       the program runs astray and comes back no more; the watchdog has to bite
   stall US                   holds the processor up, as a long interrupt would, while its timers run on
   silence MS                 lets the board's time run on as fast as it can and the line rest; answered when it has
   AXIS is 0 (table) or 1 (elevation). */
#define _GNU_SOURCE
#include "rig.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <simavr/avr_extint.h>
#include <simavr/sim_elf.h>

avr_t *avr;
FILE *out;
bool quit;
unsigned long resets;
avr_cycle_count_t asleep, unheeded_until;

void fail(const char *what)
{
    fprintf(stderr, "riglink-sim: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Every half millisecond of the board's: looks at the line and the person until the wall's clock has come to there. */
static void keep_time(avr_cycle_count_t cycle)
{
    static int64_t base_ns;
    static avr_cycle_count_t base_cycle, look;
    if (cycle < look)
        return;
    look = cycle + FREQUENCY / 2000;

    int64_t now = now_ns(), due = base_ns + (int64_t)((double)(cycle - base_cycle) * 1e9 / FREQUENCY);
    if (unheeded_until && cycle >= unheeded_until) {
        unheeded_until = 0;
        fprintf(out, "ok\n");
        fflush(out);
    }
    if (unheeded_until)
        base_ns = 0;
    if (!base_ns || now - due > 50000000) {
        base_ns = due = now; /* fallen back, or not to be kept */
        base_cycle = cycle;
    }
    if (unheeded_until)
        return; /* the line neither: the host has nothing to say */
    bool deaf = false;
    do {
        struct pollfd waits[] = { { STDIN_FILENO, POLLIN, 0 }, { deaf ? -1 : line_waiting(), POLLIN, 0 } };
        int64_t left = due - now_ns();
        struct timespec patience = { 0, left > 0 ? left : 0 };
        if (ppoll(waits, 2, &patience, NULL) < 0 && errno != EINTR)
            fail("waiting");
        if (waits[0].revents)
            bench_listen();
        if (waits[1].revents & POLLIN) {
            line_receive();
            look = cycle; /* soon again: its sleep was planned without these bytes */
            return;
        }
        deaf |= waits[1].revents != 0; /* no host has the line open */
    } while (!quit && now_ns() < due);
}

/* A board is reset when its port is opened, and before that it has nobody to talk to. */
static void await_host(void)
{
    struct pollfd person = { STDIN_FILENO, POLLIN, 0 };
    while (!quit && !line_is_open() && poll(&person, 1, 1) >= 0)
        if (person.revents)
            bench_listen();
}

static void on_sleep(struct avr_t *board, avr_cycle_count_t cycles)
{
    asleep += cycles;
    keep_time(board->cycle + cycles);
}

static void quiet(struct avr_t *board, const int level, const char *format, va_list values)
{
    (void)board;
    if (level == LOG_ERROR)
        vfprintf(stderr, format, values);
}

int main(int count, char **words)
{
    if (count < 3) {
        fprintf(stderr, "usage: riglink-sim FIRMWARE.elf atmega328p|atmega2560\n");
        return 2;
    }
    out = fdopen(dup(STDOUT_FILENO), "w");
    if (!out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        fail("taking standard output");
    elf_firmware_t firmware = { 0 };
    if (!rig_for(words[2]) || elf_read_firmware(words[1], &firmware) != 0) {
        fprintf(stderr, "riglink-sim: cannot run %s on %s\n", words[1], words[2]);
        return 2;
    }

    avr_global_logger_set(quiet);
    avr = avr_make_mcu_by_name(words[2]);
    avr_init(avr);
    strcpy(firmware.mmcu, words[2]);
    firmware.frequency = FREQUENCY;
    avr_load_firmware(avr, &firmware);
    avr->sleep = on_sleep;
    avr->run_cycle_limit = FREQUENCY / 2000; /* 1 without: it would look at its timers after every instruction */
    /* Where a step pin could be an interrupt's, simavr would look at it in every cycle that it is low. */
    for (int i = 0; i < 8; i++)
        if (avr_extint_is_strict_lvl_trig(avr, i) > 0)
            avr_extint_set_strict_lvl_trig(avr, i, 0);
    rig_wire();
    line_open();

    await_host();
    uint32_t last = 0;
    while (!quit) {
        int state = avr_run(avr);
        if (state == cpu_Done || state == cpu_Crashed) {
            fprintf(stderr, "riglink-sim: the program crashed at %x\n", avr->pc);
            return 1;
        }
        /* The watchdog's reset starts the program from its beginning, as nothing else does. */
        if (avr->pc == 0 && last != 0)
            resets++;
        last = avr->pc;
        keep_time(avr->cycle);
    }
    return 0;
}
