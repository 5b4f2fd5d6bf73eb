#include <curses.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "internal.h"

static SCREEN *screen;
static FILE *headless_output;
static FILE *headless_input;

/// Line editing and echo off, Ctrl-C, Ctrl-Z and Ctrl-\ still signals, and none of the other keys
/// (Ctrl-S, Ctrl-Q, Ctrl-V, Ctrl-O) taken by the line discipline.
static void set_input_modes(void) {
  cbreak();
  noecho();
  nonl();
  struct termios modes;
  if (tcgetattr(STDIN_FILENO, &modes) == 0) {
    modes.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR);
    modes.c_lflag &= ~(tcflag_t)IEXTEN;
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) == 0) def_prog_mode();
  }
}

bool ct_open(const char *type) {
  // The size comes from the kernel: LINES and COLUMNS may be stale.
  use_env(FALSE);
  use_tioctl(TRUE);
  screen = newterm(type, stdout, stdin);
  if (screen == NULL) return false;
  set_escdelay(25);
  set_input_modes();
  ct_open_input();
  ct_mark_pastes(true);
  return true;
}

bool ct_open_headless(const char *type, int width, int height) {
  use_env(FALSE);
  use_tioctl(TRUE);
  headless_output = fopen("/dev/null", "w");
  headless_input = fopen("/dev/null", "r");
  if (headless_output != NULL && headless_input != NULL)
    screen = newterm(type, headless_output, headless_input);
  if (screen == NULL || resize_term(height, width) != OK) {
    ct_close();
    return false;
  }
  return true;
}

void ct_close(void) {
  if (screen != NULL) {
    ct_close_input();
    if (headless_output == NULL) ct_mark_pastes(false);
    endwin();
    delscreen(screen);
    screen = NULL;
  }
  if (headless_output != NULL) fclose(headless_output);
  if (headless_input != NULL) fclose(headless_input);
  headless_output = NULL;
  headless_input = NULL;
}

int ct_width(void) { return getmaxx(stdscr); }

int ct_height(void) { return getmaxy(stdscr); }

int ct_scalar_width(uint32_t scalar) {
  char encoded[MB_LEN_MAX];
  mbstate_t state = {0};
  if (wcrtomb(encoded, (wchar_t)scalar, &state) == (size_t)-1) return -1;
  return wcwidth((wchar_t)scalar);
}

bool ct_start_color(bool *has_default) {
  // Without the first question start_color() crashes on a terminal that has no colours.
  if (!has_colors() || start_color() != OK) return false;
  *has_default = use_default_colors() == OK;
  return true;
}

bool ct_define_pair(int pair, int foreground, int background) {
  return init_extended_pair(pair, foreground, background) == OK;
}

void ct_forget_pairs(void) { reset_color_pairs(); }

static const struct {
  enum ct_attribute attribute;
  attr_t curses;
} attribute_table[] = {
    {CT_BOLD, A_BOLD},           {CT_DIM, A_DIM},         {CT_ITALIC, A_ITALIC},
    {CT_UNDERLINE, A_UNDERLINE}, {CT_REVERSE, A_REVERSE},
};

enum { attribute_count = sizeof attribute_table / sizeof *attribute_table };

static attr_t curses_attributes(uint32_t attributes) {
  attr_t result = A_NORMAL;
  for (int i = 0; i < attribute_count; i++)
    if (attributes & attribute_table[i].attribute) result |= attribute_table[i].curses;
  return result;
}

void ct_erase(void) { werase(stdscr); }

void ct_put_row(int y, const struct ct_cell *cells, int columns) {
  static cchar_t *row;
  static int capacity;
  if (columns > ct_width()) columns = ct_width();
  if (columns > capacity) {
    cchar_t *grown = realloc(row, (size_t)columns * sizeof *row);
    if (grown == NULL) return;
    row = grown;
    capacity = columns;
  }
  int count = 0;
  for (int x = 0; x < columns; x++) {
    const struct ct_cell *cell = &cells[x];
    if (cell->scalars[0] == 0) continue;
    wchar_t text[CT_SCALARS_PER_CELL + 1] = {0};
    for (int i = 0; i < CT_SCALARS_PER_CELL; i++) text[i] = (wchar_t)cell->scalars[i];
    int pair = cell->pair;
    setcchar(&row[count++], text, curses_attributes(cell->attributes), 0, &pair);
  }
  mvwadd_wchnstr(stdscr, y, 0, row, count);
}

void ct_show(int x, int y) {
  if (x >= 0) wmove(stdscr, y, x);
  curs_set(x >= 0 ? 1 : 0);
  wnoutrefresh(stdscr);
  doupdate();
}

bool ct_shown_cell(int x, int y, struct ct_cell *cell, int *foreground, int *background) {
  cchar_t shown;
  if (mvwin_wch(curscr, y, x, &shown) == ERR) return false;
  *cell = (struct ct_cell){0};
  wchar_t text[CCHARW_MAX + 1] = {0};
  attr_t attributes = 0;
  short short_pair = 0;
  int pair = 0;
  if (getcchar(&shown, text, &attributes, &short_pair, &pair) == ERR) return false;
  // ncurses counts the columns of a wide character in the bits of the character code, from 1.
  bool continues = (shown.attr & A_CHARTEXT) > 1;
  for (int i = 0; i < CT_SCALARS_PER_CELL && !continues; i++) cell->scalars[i] = (uint32_t)text[i];
  cell->pair = pair;
  for (int i = 0; i < attribute_count; i++)
    if (attributes & attribute_table[i].curses) cell->attributes |= attribute_table[i].attribute;
  *foreground = -1;
  *background = -1;
  return pair == 0 || extended_pair_content(pair, foreground, background) == OK;
}
