#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/// Keys are read through a pad: reading from a window would refresh it first.
static WINDOW *keys;

void ct_open_input(void) {
  keys = newpad(1, 1);
  keypad(keys, TRUE);
  mouseinterval(0);
  mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
}

void ct_close_input(void) {
  if (keys != NULL) delwin(keys);
  keys = NULL;
}

/// The key that a modified one stands on, by ncurses' names for them: "kUP5" is Ctrl-Up.
static enum ct_key modified_key(int code) {
  static const struct {
    const char *prefix;
    enum ct_key key;
  } table[] = {
      {"kUP", CT_KEY_UP},        {"kDN", CT_KEY_DOWN},      {"kLFT", CT_KEY_LEFT},
      {"kRIT", CT_KEY_RIGHT},    {"kHOM", CT_KEY_HOME},     {"kEND", CT_KEY_END},
      {"kPRV", CT_KEY_PAGE_UP},  {"kNXT", CT_KEY_PAGE_DOWN}, {"kIC", CT_KEY_INSERT},
      {"kDC", CT_KEY_DELETE},
  };
  const char *name = keyname(code);
  for (size_t i = 0; name != NULL && i < sizeof table / sizeof *table; i++)
    if (strncmp(name, table[i].prefix, strlen(table[i].prefix)) == 0) return table[i].key;
  return CT_KEY_UNKNOWN;
}

static enum ct_key key_of_code(int code) {
  switch (code) {
    case KEY_UP: case KEY_SR: return CT_KEY_UP;
    case KEY_DOWN: case KEY_SF: return CT_KEY_DOWN;
    case KEY_LEFT: case KEY_SLEFT: return CT_KEY_LEFT;
    case KEY_RIGHT: case KEY_SRIGHT: return CT_KEY_RIGHT;
    case KEY_HOME: case KEY_SHOME: case KEY_A1: return CT_KEY_HOME;
    case KEY_END: case KEY_SEND: case KEY_C1: return CT_KEY_END;
    case KEY_PPAGE: case KEY_SPREVIOUS: case KEY_A3: return CT_KEY_PAGE_UP;
    case KEY_NPAGE: case KEY_SNEXT: case KEY_C3: return CT_KEY_PAGE_DOWN;
    case KEY_IC: case KEY_SIC: return CT_KEY_INSERT;
    case KEY_DC: case KEY_SDC: return CT_KEY_DELETE;
    case KEY_BACKSPACE: return CT_KEY_BACKSPACE;
    case KEY_ENTER: return CT_KEY_ENTER;
    case KEY_BTAB: return CT_KEY_BACK_TAB;
    default: return modified_key(code);
  }
}

struct ct_input ct_read(int timeout_milliseconds) {
  wint_t code = 0;
  wtimeout(keys, timeout_milliseconds);
  switch (wget_wch(keys, &code)) {
    case OK:
      return (struct ct_input){CT_INPUT_SCALAR, code};
    case KEY_CODE_YES:
      if (code == KEY_MOUSE) return (struct ct_input){CT_INPUT_MOUSE, 0};
      // We change the size ourselves.
      if (code == KEY_RESIZE) return (struct ct_input){CT_INPUT_KEY, CT_KEY_UNKNOWN};
      if (code >= KEY_F(1) && code <= KEY_F(63))
        return (struct ct_input){CT_INPUT_FUNCTION_KEY, code - KEY_F0};
      return (struct ct_input){CT_INPUT_KEY, key_of_code((int)code)};
    default:
      return (struct ct_input){CT_INPUT_NONE, 0};
  }
}

bool ct_take_mouse(struct ct_mouse *mouse) {
  MEVENT event;
  while (getmouse(&event) == OK) {
    mouse->x = event.x;
    mouse->y = event.y;
    if (event.bstate & BUTTON1_PRESSED)
      mouse->action = CT_MOUSE_PRESS;
    else if (event.bstate & BUTTON1_RELEASED)
      mouse->action = CT_MOUSE_RELEASE;
    else if (event.bstate & BUTTON4_PRESSED)
      mouse->action = CT_MOUSE_WHEEL_UP;
    else if (event.bstate & BUTTON5_PRESSED)
      mouse->action = CT_MOUSE_WHEEL_DOWN;
    else
      continue;
    return true;
  }
  return false;
}

enum ct_wait_result ct_wait(int timeout_milliseconds) {
  struct pollfd set[] = {
      {.fd = STDIN_FILENO, .events = POLLIN},
      {.fd = ct_wake_descriptor(), .events = POLLIN},
  };
  int ready = poll(set, sizeof set / sizeof *set, timeout_milliseconds);
  if (ready <= 0) return CT_WAIT_OVER;
  if (set[1].revents != 0) ct_clear_wake();
  // A terminal that has gone away is said to be readable too.
  if (set[0].revents & (POLLHUP | POLLERR | POLLNVAL)) return CT_WAIT_HANGUP;
  return CT_WAIT_INPUT;
}
