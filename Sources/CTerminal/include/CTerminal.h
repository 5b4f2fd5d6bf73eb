#ifndef CTERMINAL_H
#define CTERMINAL_H

// What Swift needs of ncursesw, terminfo, signals and termios. Swift imports neither the macros and
// variadics of <curses.h> nor, under strict concurrency, its globals; none of them shows here.
// Everything belongs to one thread but the signal handlers, which stay in restore.c.

#include <stdbool.h>
#include <stdint.h>

// MARK: Terminal description

struct ct_description {
  /// Number of colours; 0 where the terminal has none.
  int colors;
  /// Colour numbers are 24-bit RGB values.
  bool has_direct_color;
  bool can_address_cursor;
  /// Full-screen programs get a screen of their own, and the shell's comes back after them.
  bool has_alternate_screen;
  bool has_mouse;
};

/// Takes the terminfo entry of `type`; false where there is none.
bool ct_describe(const char *type, struct ct_description *description);

/// TERM, or NULL.
const char *ct_terminal_type(void);

/// NO_COLOR is set and not empty (https://no-color.org).
bool ct_refuses_color(void);

bool ct_input_is_terminal(void);
bool ct_output_is_terminal(void);

/// The locale that the environment names for characters, by POSIX's order of precedence, and the
/// variable that names it; NULL where none does, which makes it "C".
const char *ct_requested_locale(const char **variable);

/// Whether the system has the locale that the environment names for characters.
bool ct_has_requested_locale(void);

/// Takes the character classification from the environment, or C.UTF-8 where the environment asks
/// for UTF-8 in a locale that is not installed. Returns whether the encoding is UTF-8.
bool ct_adopt_locale(void);

/// Takes C.UTF-8 whatever the environment says.
bool ct_adopt_utf8(void);

// MARK: Screen

enum ct_attribute {
  CT_BOLD = 1,
  CT_DIM = 2,
  CT_ITALIC = 4,
  CT_UNDERLINE = 8,
  CT_REVERSE = 16,
};

/// ncurses' limit: one spacing character and four combining ones.
#define CT_SCALARS_PER_CELL 5

struct ct_cell {
  /// Ends at the first 0; all 0 in the second column of a wide glyph.
  uint32_t scalars[CT_SCALARS_PER_CELL];
  /// Colour pair, 0 for the terminal's own colours.
  int32_t pair;
  /// Of `enum ct_attribute`.
  uint32_t attributes;
};

/// Opens the screen on standard input and output.
bool ct_open(const char *type);

/// Opens a screen of the given size that writes to /dev/null.
bool ct_open_headless(const char *type, int width, int height);

/// Ends curses mode and frees the screen.
void ct_close(void);

int ct_width(void);
int ct_height(void);

/// Columns that ncurses gives to a character: 0 for a combining one, -1 where the locale's
/// encoding has no such printable character.
int ct_scalar_width(uint32_t scalar);

/// Whether colours can be used; `has_default` tells whether -1 is the terminal's own colour.
bool ct_start_color(bool *has_default);

/// Defines a colour pair; false when `pair` is beyond the terminal's last one.
bool ct_define_pair(int pair, int foreground, int background);

/// Forgets all colour pairs.
void ct_forget_pairs(void);

/// Blanks the screen to be shown next.
void ct_erase(void);

/// Writes the first `columns` cells of row `y`, starting at the left margin.
void ct_put_row(int y, const struct ct_cell *cells, int columns);

/// Sends the differences to the terminal, with the cursor at (x, y), or hidden where x < 0.
void ct_show(int x, int y);

/// The cell that the terminal shows at (x, y), with its colours.
bool ct_shown_cell(int x, int y, struct ct_cell *cell, int *foreground, int *background);

// MARK: Input

enum ct_key {
  CT_KEY_UNKNOWN,
  CT_KEY_UP,
  CT_KEY_DOWN,
  CT_KEY_LEFT,
  CT_KEY_RIGHT,
  CT_KEY_HOME,
  CT_KEY_END,
  CT_KEY_PAGE_UP,
  CT_KEY_PAGE_DOWN,
  CT_KEY_INSERT,
  CT_KEY_DELETE,
  CT_KEY_BACKSPACE,
  CT_KEY_ENTER,
  CT_KEY_BACK_TAB,
};

enum ct_input_kind {
  CT_INPUT_NONE,
  /// `value` is a Unicode scalar.
  CT_INPUT_SCALAR,
  /// `value` is an `enum ct_key`.
  CT_INPUT_KEY,
  /// `value` is the number of the function key.
  CT_INPUT_FUNCTION_KEY,
  CT_INPUT_MOUSE,
};

struct ct_input {
  enum ct_input_kind kind;
  uint32_t value;
};

/// The next input, waiting at most `timeout_milliseconds` for it.
struct ct_input ct_read(int timeout_milliseconds);

enum ct_mouse_action { CT_MOUSE_PRESS, CT_MOUSE_RELEASE, CT_MOUSE_WHEEL_UP, CT_MOUSE_WHEEL_DOWN };

struct ct_mouse {
  enum ct_mouse_action action;
  int x, y;
};

/// Takes one mouse event, the newest first; false when none is left.
bool ct_take_mouse(struct ct_mouse *mouse);

enum ct_wait_result { CT_WAIT_OVER, CT_WAIT_INPUT, CT_WAIT_HANGUP };

/// Waits until there is input, a signal, or the time is over; a negative time has no end.
enum ct_wait_result ct_wait(int timeout_milliseconds);

// MARK: Restoring the terminal

/// Remembers the terminal's modes, sends standard error to a file where it is a terminal too, and
/// restores both at exit and on deadly signals. Call before `ct_open`.
bool ct_guard_begin(void);

/// Call after `ct_open`: takes over SIGWINCH from ncurses, and learns how to leave the screen.
void ct_guard_arm(void);

/// Stops guarding, after `ct_close`: standard error and signals are as before.
void ct_guard_end(void);

enum ct_signal {
  CT_SIGNAL_INTERRUPT = 1,
  CT_SIGNAL_STOP = 2,
  CT_SIGNAL_CONTINUE = 4,
  CT_SIGNAL_RESIZE = 8,
};

/// The signals, of `enum ct_signal`, that arrived since the last call.
unsigned ct_take_signals(void);

/// Leaves the screen, stops the process as Ctrl-Z does, and takes the screen back when the process
/// is continued.
void ct_suspend(void);

/// Puts text, as base64, into the terminal's clipboard (xterm's OSC 52), where the terminal is of
/// xterm's kind.
void ct_copy(const char *base64);

/// Gives the screen the size that the terminal has now. What the terminal shows is drawn anew.
void ct_fit(void);

/// Takes the screen back after another process had the terminal, at the size it has now.
void ct_resume(void);

#endif
