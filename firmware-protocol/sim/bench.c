#include "rig.h"

#include <string.h>
#include <unistd.h>

#include <simavr/sim_regbit.h>

static void print_state(void)
{
    fprintf(out, "{\"seconds\": %.6f, \"asleep\": %.4f, \"resets\": %lu, ", (double)avr->cycle / FREQUENCY, (double)asleep / (avr->cycle + 1), resets);
    rig_print();
    fprintf(out, "}\n");
}

static void reset(avr_regbit_t cause)
{
    avr_reset(avr);
    avr_regbit_set(avr, cause);
    rig_reset();
    line_reset();
    resets++;
    fprintf(out, "ok\n");
}

/* Where the C library's program end stands: cli and a jump to itself (F8 94, FF CF). */
static void hang(void)
{
    for (uint32_t at = 0; at + 3 < avr->codeend; at += 2)
        if (avr->flash[at] == 0xF8 && avr->flash[at + 1] == 0x94 && avr->flash[at + 2] == 0xFF && avr->flash[at + 3] == 0xCF) {
            avr->pc = at;
            avr->state = cpu_Running;
            fprintf(out, "ok\n");
            return;
        }
    fprintf(out, "error: the firmware has no endless loop to send it to\n");
}

static void obey(const char *command)
{
    char cause[16];
    int i;
    long at, width, turn, steps;
    if (strcmp(command, "state") == 0) {
        print_state();
    } else if (sscanf(command, "switch %d %ld %ld %ld", &i, &at, &width, &turn) == 4 && i >= 0 && i < AXES && turn >= 0) {
        rig_switch(i, at, width, turn);
        fprintf(out, "ok\n");
    } else if (sscanf(command, "slip %d %ld", &i, &steps) == 2 && i >= 0 && i < AXES) {
        rig_slip(i, steps);
        fprintf(out, "ok\n");
    } else if (sscanf(command, "reset %15s", cause) == 1 && strcmp(cause, "power") == 0) {
        reset(avr->reset_flags.porf);
    } else if (sscanf(command, "reset %15s", cause) == 1 && strcmp(cause, "pin") == 0) {
        reset(avr->reset_flags.extrf);
    } else if (sscanf(command, "reset %15s", cause) == 1 && strcmp(cause, "brownout") == 0) {
        reset(avr->reset_flags.borf);
    } else if (strcmp(command, "hang") == 0) {
        hang();
    } else if (sscanf(command, "stall %ld", &at) == 1 && at >= 0) {
        avr->cycle += (avr_cycle_count_t)at * (FREQUENCY / 1000000);
        fprintf(out, "ok\n");
    } else if (sscanf(command, "silence %ld", &at) == 1 && at >= 0) {
        unheeded_until = avr->cycle + (avr_cycle_count_t)at * (FREQUENCY / 1000);
        return; /* answered when it is over */
    } else {
        fprintf(out, "error: no such command: %s\n", command);
    }
    fflush(out);
}

void bench_listen(void)
{
    static char text[256];
    static size_t length;
    ssize_t count = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
    if (count <= 0) {
        quit = true;
        return;
    }
    length += count;
    char *end;
    while ((end = memchr(text, '\n', length))) {
        *end = 0;
        obey(text);
        length -= end + 1 - text;
        memmove(text, end + 1, length);
    }
    if (length == sizeof text - 1)
        length = 0;
}
