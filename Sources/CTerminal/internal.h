#ifndef CTERMINAL_INTERNAL_H
#define CTERMINAL_INTERNAL_H

#include <stddef.h>

#include "CTerminal.h"

/// Sets up key and mouse decoding on the screen just opened.
void ct_open_input(void);

void ct_close_input(void);

/// Asks the terminal to mark what is pasted, where it is one that reports a mouse: xterm and its kin.
void ct_mark_pastes(bool marked);

/// Writes the strings that leave the current terminal's full-screen modes, and returns their length.
size_t ct_leave_strings(char *buffer, size_t capacity);

/// The descriptor that turns readable when a signal arrives.
int ct_wake_descriptor(void);

/// Empties the wake descriptor.
void ct_clear_wake(void);

#endif
