/* Lights dimmed by the timers' hardware, and the camera's contact. */
#ifndef LIGHTS_H
#define LIGHTS_H

#include <stdbool.h>
#include <stdint.h>

void lights_init(void);
void lights_set(uint8_t channel, uint8_t level, uint16_t fade_ms);
void lights_out(void);
bool lights_any(void);
void lights_millisecond(void);

void trigger_set(bool on);
bool trigger_on(void);

#endif
