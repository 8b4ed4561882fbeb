#include "rig.h"

#include <string.h>

#include <simavr/avr_ioport.h>

#define LIGHTS 3

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
static const struct wiring *wiring;

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

bool rig_for(const char *mcu)
{
    for (size_t i = 0; i < sizeof wirings / sizeof *wirings; i++)
        if (strcmp(mcu, wirings[i].mcu) == 0)
            wiring = &wirings[i];
    return wiring != NULL;
}

void rig_wire(void)
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

void rig_reset(void)
{
    for (int i = 0; i < AXES; i++) {
        axes[i].holds = false;
        show_switch(&axes[i]);
    }
}

void rig_switch(int axis, long at, long width, long turn)
{
    axes[axis].has_switch = true;
    axes[axis].at = at;
    axes[axis].width = width;
    axes[axis].turn = turn;
    show_switch(&axes[axis]);
}

void rig_slip(int axis, long steps)
{
    axes[axis].steps += steps;
    show_switch(&axes[axis]);
}

static double microseconds(avr_cycle_count_t cycles)
{
    return cycles >= FREQUENCY * 3600ULL ? -1 : cycles * 1e6 / FREQUENCY;
}

void rig_print(void)
{
    fprintf(out, "\"triggers\": %lu, \"triggerMs\": %.3f, \"lights\": [", trigger.times, trigger.width * 1e3 / FREQUENCY);
    for (int i = 0; i < wiring->lights; i++)
        fprintf(out, "%s%d", i ? ", " : "", avr->data[wiring->light[i]]);
    fprintf(out, "], \"axes\": [");
    for (int i = 0; i < AXES; i++)
        fprintf(out, "%s{\"steps\": %ld, \"pulses\": %lu, \"holds\": %s, \"shortestWaitUs\": %.4f, \"shortestHighUs\": %.4f, \"shortestLowUs\": %.4f, \"shortestDirectionUs\": %.4f}",
               i ? ", " : "", axes[i].steps, axes[i].pulses, axes[i].holds ? "true" : "false", microseconds(axes[i].shortest_wait),
               microseconds(axes[i].shortest_high), microseconds(axes[i].shortest_low), microseconds(axes[i].shortest_direction));
    fprintf(out, "]");
    forget_shortest();
}

