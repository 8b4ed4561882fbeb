#define _GNU_SOURCE
#include "sim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <simavr/avr_uart.h>

static int line;
static avr_irq_t *receiver;
static bool full; /* the UART takes no more bytes now */

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

void line_open(void)
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

void line_receive(void)
{
    uint8_t byte;
    while (!full && read(line, &byte, 1) == 1)
        avr_raise_irq(receiver, byte);
}

int line_waiting(void)
{
    return full ? -1 : line;
}

void line_reset(void)
{
    full = false;
}

bool line_is_open(void)
{
    struct pollfd look = { line, 0, 0 };
    return poll(&look, 1, 0) >= 0 && !(look.revents & POLLHUP);
}
