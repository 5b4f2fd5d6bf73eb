// <term.h> defines macros with everyday names: it stays in this file, after the others.
#include "internal.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <term.h>

bool ct_describe(const char *type, struct ct_description *description) {
  int status = 0;
  if (setupterm(type, STDOUT_FILENO, &status) != OK) {
    // 1 is a hard-copy terminal, which is known but has no cursor to address.
    *description = (struct ct_description){0};
    return status == 1;
  }
  // Not max_colors, which is a short and holds no 2^24.
  int colors = tigetnum("colors");
  description->colors = colors > 0 ? colors : 0;
  description->has_direct_color = tigetflag("RGB") > 0;
  description->can_address_cursor = cursor_address != NULL && clear_screen != NULL;
  description->has_alternate_screen = enter_ca_mode != NULL && exit_ca_mode != NULL;
  description->has_mouse = key_mouse != NULL;
  del_curterm(cur_term);
  return true;
}

const char *ct_terminal_type(void) { return getenv("TERM"); }

bool ct_refuses_color(void) {
  const char *value = getenv("NO_COLOR");
  return value != NULL && value[0] != 0;
}

bool ct_input_is_terminal(void) { return isatty(STDIN_FILENO); }

bool ct_output_is_terminal(void) { return isatty(STDOUT_FILENO); }

static bool encoding_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

const char *ct_requested_locale(const char **variable) {
  static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (value == NULL || value[0] == 0) continue;
    *variable = names[i];
    return value;
  }
  *variable = NULL;
  return "C";
}

bool ct_has_requested_locale(void) {
  locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
  if (locale == (locale_t)0) return false;
  freelocale(locale);
  return true;
}

bool ct_adopt_locale(void) {
  if (setlocale(LC_CTYPE, "") == NULL) {
    const char *variable;
    const char *name = ct_requested_locale(&variable);
    const char *dot = strchr(name, '.');
    // macOS names the encoding alone.
    const char *encoding = dot == NULL ? name : dot + 1;
    if (strncasecmp(encoding, "utf-8", 5) == 0 || strncasecmp(encoding, "utf8", 4) == 0)
      return ct_adopt_utf8();
  }
  return encoding_is_utf8();
}

bool ct_adopt_utf8(void) { return setlocale(LC_CTYPE, "C.UTF-8") != NULL && encoding_is_utf8(); }

/// Appends a terminfo string without its padding ("$<5>"), which needs no terminal of today.
static size_t append(char *buffer, size_t length, size_t capacity, const char *string) {
  if (string == NULL || string == (char *)-1) return length;
  while (*string != 0 && length < capacity) {
    if (string[0] == '$' && string[1] == '<') {
      const char *end = strchr(string, '>');
      if (end != NULL) {
        string = end + 1;
        continue;
      }
    }
    buffer[length++] = *string++;
  }
  return length;
}

void ct_mark_pastes(bool marked) {
  if (key_mouse == NULL) return;
  putp(marked ? "\033[?2004h" : "\033[?2004l");
  // putp() writes to the stream; ncurses' own output has a buffer besides.
  fflush(stdout);
}

void ct_copy(const char *base64) {
  // Only terminals of xterm's kind obey it, and others may show it.
  if (key_mouse == NULL) return;
  fputs("\033]52;c;", stdout);
  fputs(base64, stdout);
  fputs("\007", stdout);
  fflush(stdout);
}

size_t ct_leave_strings(char *buffer, size_t capacity) {
  // The modes of xterm's mouse reports, which ncurses sets without asking terminfo, and of pastes.
  size_t length = 0;
  if (key_mouse != NULL)
    length = append(buffer, length, capacity, "\033[?1006l\033[?1002l\033[?1000l\033[?2004l");
  length = append(buffer, length, capacity, exit_attribute_mode);
  length = append(buffer, length, capacity, orig_pair);
  length = append(buffer, length, capacity, exit_insert_mode);
  length = append(buffer, length, capacity, tiparm(cursor_address, LINES - 1, 0));
  length = append(buffer, length, capacity, cursor_normal);
  length = append(buffer, length, capacity, keypad_local);
  return append(buffer, length, capacity, exit_ca_mode);
}
