#include "lights.h"

#include <avr/io.h>

#include "board.h"

/* PWM at 7.8 kHz, which no exposure sees flicker. The fast kind leaves a spike of one count at level 0, so a dark
   channel is taken off its timer; its pin is low then. */
static struct light {
    uint16_t level, step; /* 1/256 of the 255 levels; step a millisecond */
    uint8_t target;
} lights[LIGHTS];

static void connect(volatile uint8_t *control, uint8_t output, uint8_t level)
{
    if (level)
        *control |= output;
    else
        *control &= ~output;
}

static void show(uint8_t channel, uint8_t level)
{
    switch (channel) {
    case 0:
        OCR2A = level;
        connect(&TCCR2A, 1 << COM2A1, level);
        break;
#if LIGHTS > 1
    case 1:
        OCR2B = level;
        connect(&TCCR2A, 1 << COM2B1, level);
        break;
    case 2:
        OCR4C = level;
        connect(&TCCR4A, 1 << COM4C1, level);
        break;
#endif
    }
}

void lights_init(void)
{
#if LIGHTS > 1
    DDRB |= 1 << 4;          /* D10, OC2A */
    DDRH |= 1 << 6 | 1 << 5; /* D9, OC2B; D8, OC4C */
    TCCR4A = 1 << WGM40;
    TCCR4B = 1 << WGM42 | 1 << CS41;
#else
    DDRB |= 1 << 3; /* D11, OC2A */
#endif
    TCCR2A = 1 << WGM21 | 1 << WGM20;
    TCCR2B = 1 << CS21;
    PORT(TRIGGER_PIN) &= ~BIT(TRIGGER_PIN);
    DDR(TRIGGER_PIN) |= BIT(TRIGGER_PIN);
}

void lights_set(uint8_t channel, uint8_t level, uint16_t fade_ms)
{
    struct light *light = &lights[channel];
    uint16_t goal = (uint16_t)level << 8;
    uint16_t way = goal > light->level ? goal - light->level : light->level - goal;
    light->target = level;
    light->step = fade_ms ? way / fade_ms + 1 : 0xFFFF;
    lights_millisecond();
}

void lights_out(void)
{
    for (uint8_t i = 0; i < LIGHTS; i++)
        lights_set(i, 0, 0);
}

bool lights_any(void)
{
    bool any = false;
    for (uint8_t i = 0; i < LIGHTS; i++)
        any |= lights[i].level || lights[i].target;
    return any;
}

void lights_millisecond(void)
{
    for (uint8_t i = 0; i < LIGHTS; i++) {
        struct light *light = &lights[i];
        uint16_t goal = (uint16_t)light->target << 8;
        if (light->level == goal)
            continue;
        if (light->level < goal)
            light->level = goal - light->level > light->step ? light->level + light->step : goal;
        else
            light->level = light->level - goal > light->step ? light->level - light->step : goal;
        show(i, light->level >> 8);
    }
}

void trigger_set(bool on)
{
    if (on)
        PORT(TRIGGER_PIN) |= BIT(TRIGGER_PIN);
    else
        PORT(TRIGGER_PIN) &= ~BIT(TRIGGER_PIN);
}

bool trigger_on(void)
{
    return PORT(TRIGGER_PIN) & BIT(TRIGGER_PIN);
}
