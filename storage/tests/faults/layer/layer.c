/* A layer between a program and the C library that breaks what the program asks of its files: preloaded into a process, it
 * fails, shortens, tears or silently skips chosen operations on the files below one folder, and can write down what was asked.
 *
 * A control file says what it does, which both sides map: 64-bit words in the order of `struct control`. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1, READ = 2, WRITE = 4, SYNC = 8, TRUNCATE = 16, MAP = 32, LOCK = 64, UNLINK = 128, LOOK = 256, CLOCK = 512 };
enum { FAIL = 0, TEAR = 1, SHORTEN = 2, SKIP = 3 };
enum { FAULTS = 2, DESCRIPTORS = 4096 };

/* One fault: which kinds of operations, what becomes of them, and which of them by their number from one. */
struct fault {
  uint64_t kinds, way, error, first, last, seen, done;
};

struct control {
  uint64_t is_armed, writes_down;
  struct fault faults[FAULTS];
};

static struct control none, *control = &none;
static const char *folder;
static size_t folder_length;
static int journal = -1;
static char *names[DESCRIPTORS];
/* What is written down is done one after the other, so that the journal has the order of the disk. */
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...)                                                                                        \
  static result (*real)(__VA_ARGS__);                                                                                  \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static int real_open(const char *path, int flags, mode_t mode) {
  REAL(int, open64, const char *, int, ...);
  return real(path, flags, mode);
}

static ssize_t real_write(int file, const void *bytes, size_t count) {
  REAL(ssize_t, write, int, const void *, size_t);
  return real(file, bytes, count);
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("SELENE_FAULTS_CONTROL");
  const char *written = getenv("SELENE_FAULTS_JOURNAL");
  folder = getenv("SELENE_FAULTS_FOLDER");
  if (!path || !folder) return;
  folder_length = strlen(folder);
  int file = real_open(path, O_RDWR | O_CLOEXEC, 0);
  void *map = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file < 0 || map == MAP_FAILED) {
    fprintf(stderr, "the control file of the faults cannot be used: %s\n", strerror(errno));
    abort();
  }
  if (written) journal = real_open(written, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  control = map;
}

static int is_ours(const char *path) {
  return folder && path && strncmp(path, folder, folder_length) == 0;
}

static const char *name_of(int file) {
  return file >= 0 && file < DESCRIPTORS ? __atomic_load_n(&names[file], __ATOMIC_ACQUIRE) : NULL;
}

/* The fault of an operation, if it has one. */
static struct fault *fault_of(uint64_t kind) {
  struct fault *found = NULL;
  if (!__atomic_load_n(&control->is_armed, __ATOMIC_ACQUIRE)) return NULL;
  for (int i = 0; i < FAULTS; i++) {
    struct fault *fault = &control->faults[i];
    if (!(fault->kinds & kind)) continue;
    uint64_t number = __atomic_add_fetch(&fault->seen, 1, __ATOMIC_SEQ_CST);
    if (number >= fault->first && number <= fault->last && !found) {
      __atomic_add_fetch(&fault->done, 1, __ATOMIC_SEQ_CST);
      found = fault;
    }
  }
  return found;
}

/* Whether an operation fails. Where it does, `errno` says why. */
static int fails(uint64_t kind) {
  struct fault *fault = fault_of(kind);
  if (!fault) return 0;
  errno = (int)fault->error;
  return 1;
}

static int writes_down(void) {
  return journal >= 0 && __atomic_load_n(&control->writes_down, __ATOMIC_ACQUIRE);
}

/* One line of what was done, and the bytes that it wrote. */
static void note(const char *what, const char *path, uint64_t at, const void *bytes, uint64_t count) {
  char line[PATH_MAX + 128];
  int length = snprintf(line, sizeof line, "%s %llu %llu %s\n", what, (unsigned long long)at, (unsigned long long)count,
                        path + folder_length);
  if (real_write(journal, line, (size_t)length) != length) abort();
  if (bytes && real_write(journal, bytes, count) != (ssize_t)count) abort();
}

static void opened(int file, const char *path) {
  if (file < 0 || file >= DESCRIPTORS) return;
  __atomic_store_n(&names[file], strdup(path), __ATOMIC_RELEASE);
}

static int open_any(int at, const char *path, int flags, mode_t mode) {
  REAL(int, openat64, int, const char *, int, ...);
  if (!is_ours(path)) return real(at, path, flags, mode);
  if (fails(OPEN)) return -1;
  int notes = writes_down() && (flags & O_CREAT);
  if (notes) pthread_mutex_lock(&order);
  int is_new = notes && access(path, F_OK) != 0;
  int file = real(at, path, flags, mode);
  if (is_new && file >= 0) note("create", path, 0, NULL, 0);
  if (notes) pthread_mutex_unlock(&order);
  opened(file, path);
  return file;
}

#define MODE                                                                                                           \
  mode_t mode = 0;                                                                                                     \
  if (flags & (O_CREAT | O_TMPFILE)) {                                                                                 \
    va_list more;                                                                                                      \
    va_start(more, flags);                                                                                             \
    mode = va_arg(more, mode_t);                                                                                       \
    va_end(more);                                                                                                      \
  }

int open(const char *path, int flags, ...) {
  MODE;
  return open_any(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE;
  return open_any(AT_FDCWD, path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
  MODE;
  return open_any(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
  MODE;
  return open_any(at, path, flags, mode);
}

int close(int file) {
  REAL(int, close, int);
  /* A name is never freed: another thread may still read it. */
  if (name_of(file)) __atomic_store_n(&names[file], NULL, __ATOMIC_RELEASE);
  return real(file);
}

/* How many bytes of a transfer are carried out; fewer than asked where it is shortened or torn. */
static ssize_t carried(struct fault *fault, size_t count) {
  if (fault->way == TEAR || fault->way == SHORTEN) return (ssize_t)(count / 2);
  return 0;
}

static ssize_t real_pread(int file, void *bytes, size_t count, off64_t at) {
  REAL(ssize_t, pread64, int, void *, size_t, off64_t);
  return real(file, bytes, count, at);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t at) {
  struct fault *fault = name_of(file) ? fault_of(READ) : NULL;
  if (!fault) return real_pread(file, bytes, count, at);
  ssize_t part = carried(fault, count);
  if (fault->way == SHORTEN && part) return real_pread(file, bytes, (size_t)part, at);
  errno = (int)fault->error;
  return -1;
}
ssize_t pread(int file, void *bytes, size_t count, off_t at) { return pread64(file, bytes, count, at); }

ssize_t read(int file, void *bytes, size_t count) {
  REAL(ssize_t, read, int, void *, size_t);
  struct fault *fault = name_of(file) ? fault_of(READ) : NULL;
  if (!fault) return real(file, bytes, count);
  ssize_t part = carried(fault, count);
  if (fault->way == SHORTEN && part) return real(file, bytes, (size_t)part);
  errno = (int)fault->error;
  return -1;
}

static ssize_t real_pwrite(int file, const void *bytes, size_t count, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  return real(file, bytes, count, at);
}

/* A write at a place, or where the file stands. */
static ssize_t write_any(int file, const void *bytes, size_t count, off64_t at, int is_here) {
  const char *name = name_of(file);
  struct fault *fault = name ? fault_of(WRITE) : NULL;
  int notes = name && writes_down();
  if (notes) pthread_mutex_lock(&order);
  size_t part = fault ? (size_t)carried(fault, count) : count;
  if (is_here && notes) at = lseek64(file, 0, fcntl(file, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
  ssize_t done = 0;
  if (part || !fault) done = is_here ? real_write(file, bytes, part) : real_pwrite(file, bytes, part, at);
  if (notes && done > 0) note("write", name, (uint64_t)at, bytes, (uint64_t)done);
  if (notes) pthread_mutex_unlock(&order);
  if (!fault || (fault->way == SHORTEN && done)) return done;
  errno = (int)fault->error;
  return -1;
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) { return write_any(file, bytes, count, at, 0); }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { return write_any(file, bytes, count, at, 0); }
ssize_t write(int file, const void *bytes, size_t count) { return write_any(file, bytes, count, 0, 1); }

static int sync_any(int file, int (*real)(int)) {
  const char *name = name_of(file);
  if (!name) return real(file);
  struct fault *fault = fault_of(SYNC);
  if (fault && fault->way == SKIP) return 0;
  if (fault) {
    errno = (int)fault->error;
    return -1;
  }
  int notes = writes_down();
  if (notes) pthread_mutex_lock(&order);
  int done = real(file);
  if (notes && done == 0) note("sync", name, 0, NULL, 0);
  if (notes) pthread_mutex_unlock(&order);
  return done;
}
int fsync(int file) {
  REAL(int, fsync, int);
  return sync_any(file, real);
}
int fdatasync(int file) {
  REAL(int, fdatasync, int);
  return sync_any(file, real);
}

int ftruncate64(int file, off64_t length) {
  REAL(int, ftruncate64, int, off64_t);
  const char *name = name_of(file);
  if (!name) return real(file, length);
  if (fails(TRUNCATE)) return -1;
  int notes = writes_down();
  if (notes) pthread_mutex_lock(&order);
  int done = real(file, length);
  if (notes && done == 0) note("truncate", name, (uint64_t)length, NULL, 0);
  if (notes) pthread_mutex_unlock(&order);
  return done;
}
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

void *mmap64(void *where, size_t length, int protection, int flags, int file, off64_t at) {
  REAL(void *, mmap64, void *, size_t, int, int, int, off64_t);
  if (name_of(file) && fails(MAP)) return MAP_FAILED;
  return real(where, length, protection, flags, file, at);
}
void *mmap(void *where, size_t length, int protection, int flags, int file, off_t at) {
  return mmap64(where, length, protection, flags, file, at);
}

static int fcntl_any(int file, int command, void *argument) {
  REAL(int, fcntl64, int, int, ...);
  int locks = command == F_SETLK || command == F_SETLKW || command == F_GETLK || command == F_OFD_SETLK;
  /* To let a lock go is no use of a disk, and nobody asks what became of it. */
  if (locks && command != F_GETLK && ((struct flock *)argument)->l_type == F_UNLCK) locks = 0;
  if (locks && name_of(file) && fails(LOCK)) return -1;
  return real(file, command, argument);
}
int fcntl64(int file, int command, ...) {
  va_list more;
  va_start(more, command);
  void *argument = va_arg(more, void *);
  va_end(more);
  return fcntl_any(file, command, argument);
}
int fcntl(int file, int command, ...) {
  va_list more;
  va_start(more, command);
  void *argument = va_arg(more, void *);
  va_end(more);
  return fcntl_any(file, command, argument);
}

int unlink(const char *path) {
  REAL(int, unlink, const char *);
  if (!is_ours(path)) return real(path);
  if (fails(UNLINK)) return -1;
  int notes = writes_down();
  if (notes) pthread_mutex_lock(&order);
  int done = real(path);
  if (notes && done == 0) note("unlink", path, 0, NULL, 0);
  if (notes) pthread_mutex_unlock(&order);
  return done;
}

int stat64(const char *path, struct stat64 *found) {
  REAL(int, stat64, const char *, struct stat64 *);
  return is_ours(path) && fails(LOOK) ? -1 : real(path, found);
}
int lstat64(const char *path, struct stat64 *found) {
  REAL(int, lstat64, const char *, struct stat64 *);
  return is_ours(path) && fails(LOOK) ? -1 : real(path, found);
}
int fstat64(int file, struct stat64 *found) {
  REAL(int, fstat64, int, struct stat64 *);
  return name_of(file) && fails(LOOK) ? -1 : real(file, found);
}
/* A program may ask with no path at all, to see whether there is such a call. */
int statx(int at, const char *restrict path, int flags, unsigned int mask, struct statx *restrict found) {
  REAL(int, statx, int, const char *restrict, int, unsigned int, struct statx *restrict);
  /* The declaration says that a path is always given; the compiler must not rely on it. */
  const char *given = path;
  __asm__("" : "+r"(given));
  if (!given) return real(at, path, flags, mask, found);
  int ours = is_ours(path) || (!*path && name_of(at));
  return ours && fails(LOOK) ? -1 : real(at, path, flags, mask, found);
}

/* SQLite tries for ten seconds to get a lock that nobody else has. While files break it counts the same seconds, and they pass
 * faster. */
int nanosleep(const struct timespec *asked, struct timespec *left) {
  REAL(int, nanosleep, const struct timespec *, struct timespec *);
  if (!__atomic_load_n(&control->is_armed, __ATOMIC_ACQUIRE)) return real(asked, left);
  long long time = (asked->tv_sec * 1000000000LL + asked->tv_nsec) / 1000;
  struct timespec shorter = {time / 1000000000LL, time % 1000000000LL};
  return real(&shorter, left);
}

/* The time of day jumps by years, there and back, wherever it is asked for. Clocks that only count go on. */
static time_t jump(void) {
  static long count;
  if (!fault_of(CLOCK)) return 0;
  return (__atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST) % 2 ? 1 : -1) * 315360000;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
  REAL(int, clock_gettime, clockid_t, struct timespec *);
  int done = real(clock, now);
  if (done == 0 && clock == CLOCK_REALTIME) now->tv_sec += jump();
  return done;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  REAL(int, gettimeofday, struct timeval *restrict, void *restrict);
  int done = real(now, zone);
  if (done == 0) now->tv_sec += jump();
  return done;
}
time_t time(time_t *now) {
  REAL(time_t, time, time_t *);
  time_t found = real(NULL) + jump();
  if (now) *now = found;
  return found;
}
