/* The two boards: which pin does what. A pin is named by its port's letter and its bit. */
#ifndef BOARD_H
#define BOARD_H

#include <avr/io.h>

#if defined(__AVR_ATmega328P__) /* Arduino Uno with CNC shield V3: X is the table, Y the elevation */

#define BOARD_ID 1
#define LIGHTS 1
#define TABLE_STEP D, 2
#define TABLE_DIR D, 5
#define TABLE_ENABLE B, 0 /* D8 enables all drivers of the shield */
#define TABLE_SWITCH B, 1 /* D9, X limit */
#define ELEVATION_STEP D, 3
#define ELEVATION_DIR D, 6
#define ELEVATION_ENABLE B, 0
#define ELEVATION_SWITCH B, 2 /* D10, Y limit */
#define TRIGGER_PIN C, 3      /* A3, coolant enable */
#define RECEIVED_vect USART_RX_vect
#define SENDER_EMPTY_vect USART_UDRE_vect

#elif defined(__AVR_ATmega2560__) /* Arduino Mega with RAMPS 1.4: X is the table, Y the elevation */

#define BOARD_ID 2
#define LIGHTS 3
#define TABLE_STEP F, 0
#define TABLE_DIR F, 1
#define TABLE_ENABLE D, 7
#define TABLE_SWITCH E, 5 /* D3, X min */
#define ELEVATION_STEP F, 6
#define ELEVATION_DIR F, 7
#define ELEVATION_ENABLE F, 2
#define ELEVATION_SWITCH J, 1 /* D14, Y min */
#define TRIGGER_PIN B, 5      /* D11, first servo header */
#define RECEIVED_vect USART0_RX_vect
#define SENDER_EMPTY_vect USART0_UDRE_vect

#else
#error "no board is described for this microcontroller"
#endif

/* PORT(C, 3) is PORTC; BIT(C, 3) is its mask. The second macro expands the pin's name first. */
#define PORT_(port, bit) PORT##port
#define DDR_(port, bit) DDR##port
#define PIN_(port, bit) PIN##port
#define BIT_(port, bit) (1 << bit)
#define PORT(...) PORT_(__VA_ARGS__)
#define DDR(...) DDR_(__VA_ARGS__)
#define PIN(...) PIN_(__VA_ARGS__)
#define BIT(...) BIT_(__VA_ARGS__)

#endif
