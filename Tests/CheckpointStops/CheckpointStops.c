// To be loaded before a program (LD_PRELOAD), so that a test can act at a known point of its run: the
// program stops itself (SIGSTOP) whenever it has put the record of a checkpoint in place.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static int is_checkpoint_record(const char *path) {
  static const char folder[] = "checkpoints/", suffix[] = ".record";
  size_t length = strlen(path);
  return strstr(path, folder) != NULL && length >= sizeof suffix - 1
    && strcmp(path + length - (sizeof suffix - 1), suffix) == 0;
}

// In front of the C library's.
int rename(const char *old, const char *new) {
  int result = renameat(AT_FDCWD, old, AT_FDCWD, new);
  if (result == 0 && is_checkpoint_record(new)) {
    int number = errno;
    raise(SIGSTOP);
    errno = number;
  }
  return result;
}
