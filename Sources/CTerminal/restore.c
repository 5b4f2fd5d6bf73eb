// Whatever ends the process, the user gets the terminal back. The handlers only call functions that
// POSIX lists as safe in them: they write strings that were made ready before.
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "internal.h"

// MARK: State that the handlers read

static volatile sig_atomic_t armed;
static struct termios shell_modes;
static char leave_strings[512];
static size_t leave_length;

/// Standard error as it was, and the file that has its place; -1 where it was no terminal.
static int kept_error = -1, captured_error = -1;

/// The user wants the language's backtraces.
static bool backtraces;

static volatile sig_atomic_t interrupted, stop_requested, continued, resized;
static int wake_pipe[2] = {-1, -1};

static const int deadly_signals[] = {SIGTERM, SIGHUP,  SIGQUIT, SIGSEGV, SIGILL,
                                     SIGBUS,  SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
enum { deadly_count = sizeof deadly_signals / sizeof *deadly_signals };
static struct sigaction previous_deadly[deadly_count];
static struct sigaction previous_interrupt, previous_stop, previous_continue, previous_resize;

// MARK: Restoring

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

/// Gives standard error back and prints the end of what was written to it meanwhile.
static void release_error(void) {
  if (kept_error < 0) return;
  enum { shown_limit = 1 << 16 };
  dup2(kept_error, STDERR_FILENO);
  close(kept_error);
  kept_error = -1;
  off_t end = lseek(captured_error, 0, SEEK_END);
  lseek(captured_error, end > shown_limit ? end - shown_limit : 0, SEEK_SET);
  char buffer[1024];
  ssize_t count;
  while ((count = read(captured_error, buffer, sizeof buffer)) > 0)
    write_all(STDERR_FILENO, buffer, (size_t)count);
  close(captured_error);
  captured_error = -1;
}

/// Restores the terminal, unless another process group has it.
static void restore_terminal(void) {
  if (armed) {
    armed = 0;
    pid_t foreground = tcgetpgrp(STDIN_FILENO);
    if (foreground <= 0 || foreground == getpgrp()) {
      write_all(STDOUT_FILENO, leave_strings, leave_length);
      tcsetattr(STDIN_FILENO, TCSANOW, &shell_modes);
    }
  }
  release_error();
}

// MARK: Handlers

static void wake(void) {
  char byte = 0;
  ssize_t written = write(wake_pipe[1], &byte, 1);
  (void)written;  // A full pipe wakes as well.
}

/// Restores the terminal and lets the signal end the process. The language's own crash handler,
/// which would ask questions on the terminal, comes in only where the user has configured it.
static void handle_deadly(int number) {
  restore_terminal();
  struct sigaction end = {.sa_handler = SIG_DFL};
  sigemptyset(&end.sa_mask);
  for (int i = 0; backtraces && i < deadly_count; i++)
    if (deadly_signals[i] == number) end = previous_deadly[i];
  sigaction(number, &end, NULL);
  raise(number);
}

/// The first interrupt is a key press; one that comes while the first is still unread means that
/// the program hangs, and ends it.
static void handle_interrupt(int number) {
  int saved = errno;
  if (interrupted) handle_deadly(number);
  interrupted = 1;
  wake();
  errno = saved;
}

static void handle_stop(int number) {
  (void)number;
  int saved = errno;
  stop_requested = 1;
  wake();
  errno = saved;
}

static void handle_continue(int number) {
  (void)number;
  int saved = errno;
  continued = 1;
  wake();
  errno = saved;
}

static void handle_resize(int number) {
  (void)number;
  int saved = errno;
  resized = 1;
  wake();
  errno = saved;
}

/// Installs a handler where the signal is not ignored.
static void catch_signal(
    int number, void (*handler)(int), int flags, struct sigaction *previous) {
  sigaction(number, NULL, previous);
  bool ignored = !(previous->sa_flags & SA_SIGINFO) && previous->sa_handler == SIG_IGN;
  if (ignored) return;
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

/// A stack of its own for the handlers, so that they also run when the stack has overflown.
static void provide_signal_stack(void) {
  static char memory[1 << 16];
  stack_t current;
  if (sigaltstack(NULL, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
  stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
  sigaltstack(&stack, NULL);
}

static void capture_error(void) {
  if (!isatty(STDERR_FILENO)) return;
  const char *folder = getenv("TMPDIR");
  char path[1024];
  int length = snprintf(path, sizeof path, "%s/resnet-tui-stderr-XXXXXX",
                        folder != NULL && folder[0] == '/' ? folder : "/tmp");
  if (length < 0 || (size_t)length >= sizeof path) return;
  captured_error = mkostemp(path, O_CLOEXEC | O_APPEND);
  if (captured_error < 0) return;
  unlink(path);
  kept_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  if (kept_error >= 0) dup2(captured_error, STDERR_FILENO);
}

bool ct_guard_begin(void) {
  if (tcgetattr(STDIN_FILENO, &shell_modes) != 0) return false;
  if (wake_pipe[0] < 0) {
    if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    atexit(restore_terminal);
  }
  interrupted = stop_requested = continued = resized = 0;
  backtraces = getenv("SWIFT_BACKTRACE") != NULL;
  provide_signal_stack();
  // ncurses leaves alone what is not at its default: these come before it.
  for (int i = 0; i < deadly_count; i++)
    catch_signal(deadly_signals[i], handle_deadly, SA_ONSTACK, &previous_deadly[i]);
  catch_signal(SIGINT, handle_interrupt, SA_RESTART, &previous_interrupt);
  catch_signal(SIGTSTP, handle_stop, SA_RESTART, &previous_stop);
  catch_signal(SIGCONT, handle_continue, SA_RESTART, &previous_continue);
  return true;
}

void ct_guard_arm(void) {
  // In place of ncurses' own handler: with use_env(FALSE) ncurses 6.4 does not ask for the new size.
  catch_signal(SIGWINCH, handle_resize, 0, &previous_resize);
  leave_length = ct_leave_strings(leave_strings, sizeof leave_strings);
  capture_error();
  armed = 1;
}

void ct_guard_end(void) {
  if (armed) sigaction(SIGWINCH, &previous_resize, NULL);
  armed = 0;
  for (int i = 0; i < deadly_count; i++) sigaction(deadly_signals[i], &previous_deadly[i], NULL);
  sigaction(SIGINT, &previous_interrupt, NULL);
  sigaction(SIGTSTP, &previous_stop, NULL);
  sigaction(SIGCONT, &previous_continue, NULL);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &shell_modes);
  release_error();
}

// MARK: Waking up

int ct_wake_descriptor(void) { return wake_pipe[0]; }

void ct_clear_wake(void) {
  char bytes[64];
  while (read(wake_pipe[0], bytes, sizeof bytes) > 0) {
  }
}

/// Reset only where it was set: what arrives in between stays for the next time.
static unsigned take(volatile sig_atomic_t *flag, unsigned signal) {
  if (!*flag) return 0;
  *flag = 0;
  return signal;
}

unsigned ct_take_signals(void) {
  return take(&interrupted, CT_SIGNAL_INTERRUPT) | take(&stop_requested, CT_SIGNAL_STOP) |
         take(&continued, CT_SIGNAL_CONTINUE) | take(&resized, CT_SIGNAL_RESIZE);
}

// MARK: Suspending

void ct_suspend(void) {
  ct_mark_pastes(false);
  endwin();
  armed = 0;
  struct sigaction stop = {.sa_handler = SIG_DFL}, handler;
  sigemptyset(&stop.sa_mask);
  sigaction(SIGTSTP, &stop, &handler);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &handler, NULL);
  continued = 0;
  armed = 1;
  ct_resume();
}

void ct_fit(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
      is_term_resized(size.ws_row, size.ws_col))
    resize_term(size.ws_row, size.ws_col);
  clearok(curscr, TRUE);
}

void ct_resume(void) {
  // The kernel tells only the foreground of a new size.
  ct_fit();
  if (!isendwin()) endwin();
  ct_mark_pastes(true);
  wrefresh(curscr);
}
