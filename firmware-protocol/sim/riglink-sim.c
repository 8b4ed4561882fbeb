/* Runs a board's firmware in simavr: its serial line is a pseudo-terminal, its motors are counters.

   riglink-sim FIRMWARE.elf atmega328p|atmega2560

   The first line of output is the pseudo-terminal's name; the board starts when somebody opens it. Then each line of
   standard input is a command, answered by one line; when standard input ends, so does the simulator. The board's time
   is the wall's; where the machine is too slow for that it falls behind, and what is more than 50 ms is not caught up.

   state                      one line of JSON: what the pins did (see print_state)
   switch AXIS AT WIDTH TURN  a switch that is closed from AT for WIDTH microsteps of each TURN (0: from AT on for ever)
   slip AXIS STEPS            the motor stands elsewhere than its driver was told: lost steps
   reset power|pin|brownout   as the wire would
   hang                       the program runs astray and comes back no more; the watchdog has to bite
   stall US                   holds the processor up, as a long interrupt would, while its timers run on
   silence MS                 lets the board's time run on as fast as it can and the line rest; answered when it has
   AXIS is 0 (table) or 1 (elevation). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <simavr/avr_extint.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <simavr/sim_regbit.h>

#define AXES 2
#define LIGHTS 3
#define FREQUENCY 16000000

struct pin { char port; int bit; };

struct wiring {
    const char *mcu;
    struct { struct pin step, direction, enable, stop; } axis[AXES];
    struct pin trigger;
    int lights;
    uint16_t light[LIGHTS]; /* the compare registers' addresses */
};

/* As ../avr/board.h has it; written down a second time so that a wrong pin there is seen here. */
static const struct wiring wirings[] = {
    { "atmega328p",
      { { { 'D', 2 }, { 'D', 5 }, { 'B', 0 }, { 'B', 1 } }, { { 'D', 3 }, { 'D', 6 }, { 'B', 0 }, { 'B', 2 } } },
      { 'C', 3 }, 1, { 0xB3 } },
    { "atmega2560",
      { { { 'F', 0 }, { 'F', 1 }, { 'D', 7 }, { 'E', 5 } }, { { 'F', 6 }, { 'F', 7 }, { 'F', 2 }, { 'J', 1 } } },
      { 'B', 5 }, 3, { 0xB3, 0xB4, 0xAC } },
};

static struct axis {
    long steps;                 /* where the shaft stands */
    unsigned long pulses;
    bool forward, holds;
    bool has_switch;
    long at, width, turn;
    avr_cycle_count_t rose, turned;
    avr_cycle_count_t shortest_wait, shortest_high, shortest_low, shortest_direction;
    avr_irq_t *stop;
    struct pin stop_pin;
    avr_cycle_count_t fell;
} axes[AXES];

static struct { avr_cycle_count_t rose, width; unsigned long times; } trigger;

static avr_t *avr;
static const struct wiring *wiring;
static int line;
static avr_irq_t *receiver;
static bool full;                     /* the UART takes no more bytes now */
static unsigned long resets;
static avr_cycle_count_t asleep, unheeded_until;
static bool quit;
static FILE *out;                      /* standard output, which the library would talk into */

static void fail(const char *what)
{
    fprintf(stderr, "riglink-sim: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- the rig ---- */

static bool switch_closed(const struct axis *axis)
{
    long past = axis->steps - axis->at;
    if (axis->turn == 0)
        return past >= 0;
    past %= axis->turn;
    return (past < 0 ? past + axis->turn : past) < axis->width;
}

static void show_switch(struct axis *axis)
{
    bool closed = axis->has_switch && switch_closed(axis);
    /* Both: the level now, and the one to come back to when the program writes to the port. */
    avr_ioport_external_t external = { .name = axis->stop_pin.port };
    for (int i = 0; i < AXES; i++)
        if (axes[i].stop_pin.port == axis->stop_pin.port) {
            external.mask |= 1 << axes[i].stop_pin.bit;
            if (!(axes[i].has_switch && switch_closed(&axes[i])))
                external.value |= 1 << axes[i].stop_pin.bit;
        }
    avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL(axis->stop_pin.port), &external);
    avr_raise_irq(axis->stop, !closed);
}

static void least(avr_cycle_count_t *shortest, avr_cycle_count_t from)
{
    if (from && avr->cycle - from < *shortest)
        *shortest = avr->cycle - from;
}

static void on_step(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq;
    struct axis *axis = param;
    if (!value) {
        least(&axis->shortest_high, axis->rose);
        axis->fell = avr->cycle;
        return;
    }
    least(&axis->shortest_wait, axis->rose);
    least(&axis->shortest_low, axis->fell);
    least(&axis->shortest_direction, axis->turned);
    axis->rose = avr->cycle;
    axis->pulses++;
    if (axis->holds) {
        axis->steps += axis->forward ? 1 : -1;
        show_switch(axis);
    }
}

static void on_direction(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq;
    struct axis *axis = param;
    axis->forward = value != 0;
    axis->turned = avr->cycle;
}

static void on_enable(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq;
    ((struct axis *)param)->holds = !value;
}

static void on_trigger(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    if (value) {
        trigger.rose = avr->cycle;
        trigger.times++;
    } else if (trigger.rose) {
        trigger.width = avr->cycle - trigger.rose;
    }
}

static avr_irq_t *pin_irq(struct pin pin)
{
    return avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(pin.port), pin.bit);
}

static void forget_shortest(void)
{
    for (int i = 0; i < AXES; i++) {
        axes[i].shortest_wait = axes[i].shortest_high = axes[i].shortest_low = axes[i].shortest_direction = FREQUENCY * 3600ULL;
        axes[i].rose = axes[i].fell = 0;
    }
}

static void wire_rig(void)
{
    for (int i = 0; i < AXES; i++) {
        axes[i].stop_pin = wiring->axis[i].stop;
        axes[i].stop = pin_irq(wiring->axis[i].stop);
        avr_irq_register_notify(pin_irq(wiring->axis[i].step), on_step, &axes[i]);
        avr_irq_register_notify(pin_irq(wiring->axis[i].direction), on_direction, &axes[i]);
        avr_irq_register_notify(pin_irq(wiring->axis[i].enable), on_enable, &axes[i]);
    }
    avr_irq_register_notify(pin_irq(wiring->trigger), on_trigger, NULL);
    for (int i = 0; i < AXES; i++)
        show_switch(&axes[i]);
    forget_shortest();
}

/* ---- the line ---- */

static void on_sent(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    uint8_t byte = value;
    if (write(line, &byte, 1) < 0 && errno != EAGAIN && errno != EIO) /* nobody reads, or nobody is there */
        fail("writing to the pseudo-terminal");
}

static void on_room(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)value, (void)param;
    full = false;
}

static void on_full(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)value, (void)param;
    full = true;
}

static void open_line(void)
{
    line = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (line < 0 || grantpt(line) || unlockpt(line))
        fail("opening a pseudo-terminal");
    /* Raw before a host has it open, so that nothing is echoed; and not held open, as a host wants a port for itself. */
    int slave = open(ptsname(line), O_RDWR | O_NOCTTY);
    struct termios raw;
    if (slave < 0 || tcgetattr(slave, &raw))
        fail("opening the pseudo-terminal's other end");
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    close(slave);

    uint32_t flags = 0; /* simavr's own echo and naps off */
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    receiver = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), on_sent, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XON), on_room, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XOFF), on_full, NULL);
    fprintf(out, "%s\n", ptsname(line));
    fflush(out);
}

static void receive(void)
{
    uint8_t byte;
    while (!full && read(line, &byte, 1) == 1)
        avr_raise_irq(receiver, byte);
}

/* ---- the person at the bench ---- */

static double microseconds(avr_cycle_count_t cycles)
{
    return cycles >= FREQUENCY * 3600ULL ? -1 : cycles * 1e6 / FREQUENCY;
}

static void print_state(void)
{
    fprintf(out, "{\"seconds\": %.6f, \"asleep\": %.4f, \"resets\": %lu, \"triggers\": %lu, \"triggerMs\": %.3f, \"lights\": [",
           (double)avr->cycle / FREQUENCY, (double)asleep / (avr->cycle + 1), resets, trigger.times, trigger.width * 1e3 / FREQUENCY);
    for (int i = 0; i < wiring->lights; i++)
        fprintf(out, "%s%d", i ? ", " : "", avr->data[wiring->light[i]]);
    fprintf(out, "], \"axes\": [");
    for (int i = 0; i < AXES; i++)
        fprintf(out, "%s{\"steps\": %ld, \"pulses\": %lu, \"holds\": %s, \"shortestWaitUs\": %.4f, \"shortestHighUs\": %.4f, \"shortestLowUs\": %.4f, \"shortestDirectionUs\": %.4f}",
               i ? ", " : "", axes[i].steps, axes[i].pulses, axes[i].holds ? "true" : "false", microseconds(axes[i].shortest_wait),
               microseconds(axes[i].shortest_high), microseconds(axes[i].shortest_low), microseconds(axes[i].shortest_direction));
    fprintf(out, "]}\n");
    forget_shortest();
}

static void reset(avr_regbit_t cause)
{
    avr_reset(avr);
    avr_regbit_set(avr, cause);
    for (int i = 0; i < AXES; i++) {
        axes[i].holds = false;
        show_switch(&axes[i]);
    }
    resets++;
    full = false;
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
        axes[i].has_switch = true;
        axes[i].at = at;
        axes[i].width = width;
        axes[i].turn = turn;
        show_switch(&axes[i]);
        fprintf(out, "ok\n");
    } else if (sscanf(command, "slip %d %ld", &i, &steps) == 2 && i >= 0 && i < AXES) {
        axes[i].steps += steps;
        show_switch(&axes[i]);
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

static void listen_to_person(void)
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

/* ---- the time ---- */

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
    bool deaf = full;
    do {
        struct pollfd waits[] = { { STDIN_FILENO, POLLIN, 0 }, { deaf ? -1 : line, POLLIN, 0 } };
        int64_t left = due - now_ns();
        struct timespec patience = { 0, left > 0 ? left : 0 };
        if (ppoll(waits, 2, &patience, NULL) < 0 && errno != EINTR)
            fail("waiting");
        if (waits[0].revents)
            listen_to_person();
        if (waits[1].revents & POLLIN) {
            receive();
            look = cycle; /* soon again: its sleep was planned without these bytes */
            return;
        }
        deaf |= waits[1].revents != 0; /* no host has the line open */
    } while (!quit && now_ns() < due);
}

/* A board is reset when its port is opened, and before that it has nobody to talk to. */
static void await_host(void)
{
    struct pollfd waits[] = { { STDIN_FILENO, POLLIN, 0 }, { line, 0, 0 } };
    while (!quit && poll(waits, 2, 1) >= 0 && waits[1].revents & POLLHUP)
        if (waits[0].revents)
            listen_to_person();
        else
            usleep(1000);
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
    for (size_t i = 0; i < sizeof wirings / sizeof *wirings; i++)
        if (strcmp(words[2], wirings[i].mcu) == 0)
            wiring = &wirings[i];
    out = fdopen(dup(STDOUT_FILENO), "w");
    if (!out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        fail("taking standard output");
    elf_firmware_t firmware = { 0 };
    if (!wiring || elf_read_firmware(words[1], &firmware) != 0) {
        fprintf(stderr, "riglink-sim: cannot run %s on %s\n", words[1], words[2]);
        return 2;
    }

    avr_global_logger_set(quiet);
    avr = avr_make_mcu_by_name(wiring->mcu);
    avr_init(avr);
    strcpy(firmware.mmcu, wiring->mcu);
    firmware.frequency = FREQUENCY;
    avr_load_firmware(avr, &firmware);
    avr->sleep = on_sleep;
    avr->run_cycle_limit = FREQUENCY / 2000; /* 1 without: it would look at its timers after every instruction */
    /* Where a step pin could be an interrupt's, simavr would look at it in every cycle that it is low. */
    for (int i = 0; i < 8; i++)
        if (avr_extint_is_strict_lvl_trig(avr, i) > 0)
            avr_extint_set_strict_lvl_trig(avr, i, 0);
    wire_rig();
    open_line();

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
