/* What the parts of the simulator share: the processor, and where its answers go. */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stdio.h>

#include <simavr/sim_avr.h>

#define FREQUENCY 16000000

extern avr_t *avr;
extern FILE *out; /* standard output, which the library would talk into */

void fail(const char *what);

/* ---- the line (line.c) ---- */

/* Makes the pseudo-terminal and says its name. */
void line_open(void);

/* To be polled; -1 while the board takes no more bytes. */
int line_waiting(void);

/* Hands on what has come, as far as the board takes it. */
void line_receive(void);

/* The board was reset: it takes bytes again. */
void line_reset(void);

/* Whether a host has it open. */
bool line_is_open(void);

/* ---- the time (riglink-sim.c) ---- */

extern bool quit;
extern unsigned long resets;
extern avr_cycle_count_t asleep, unheeded_until;

/* ---- the person at the bench (bench.c) ---- */

/* Reads commands from standard input and does them. */
void bench_listen(void);

#endif
