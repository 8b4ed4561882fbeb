#include "epoch.h"

#include <avr/eeprom.h>
#include <avr/io.h>
#include <avr/wdt.h>

/* A ring of slots: each start writes the next one, so that 100,000 writes a cell last six million starts. A slot torn by
   a power loss fails its check, and the start before it counts as the last; its number was never spoken. */
#define SLOTS 64

struct slot {
    uint16_t epoch, check; /* check is the complement */
};

static struct slot EEMEM ring[SLOTS];
static uint8_t flags __attribute__((section(".noinit")));

/* Runs before the C program: the watchdog stays armed after its reset and would bite again. A boot loader may have cleared
   the register; Optiboot then leaves a copy in r2. */
void keep_cause(void) __attribute__((naked, used, section(".init3")));
void keep_cause(void)
{
    uint8_t seen = MCUSR;
    if (!seen)
        __asm__ volatile("mov %0, r2" : "=r"(seen));
    flags = seen;
    MCUSR = 0;
    wdt_disable();
}

static uint16_t read(uint8_t index)
{
    struct slot slot;
    eeprom_read_block(&slot, &ring[index], sizeof slot);
    return slot.epoch == (uint16_t)~slot.check ? slot.epoch : 0;
}

static uint16_t after(uint16_t epoch)
{
    return epoch == 0xFFFF ? 1 : epoch + 1;
}

uint16_t epoch_begin(void)
{
    /* The newest slot is the one that its neighbour does not follow. */
    uint8_t next = 0;
    struct slot slot = { 1, 0 };
    for (uint8_t i = 0; i < SLOTS; i++) {
        uint16_t here = read(i);
        uint8_t neighbour = (i + 1) % SLOTS;
        if (here && read(neighbour) != after(here)) {
            next = neighbour;
            slot.epoch = after(here);
            break;
        }
    }

    slot.check = ~slot.epoch;
    eeprom_update_block(&slot, &ring[next], sizeof slot);
    return slot.epoch;
}

enum cause epoch_cause(void)
{
    /* Several may be set: power brings a brown-out with it, and a boot loader that was started by the reset pin
       starts the program by the watchdog. */
    if (flags & (1 << PORF))
        return POWER;
    if (flags & (1 << EXTRF))
        return RESET_PIN;
    if (flags & (1 << BORF))
        return BROWN_OUT;
    return flags & (1 << WDRF) ? WATCHDOG : UNKNOWN_CAUSE;
}
