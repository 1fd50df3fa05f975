/* Makes every sync of a process slower by SYNC_DELAY_US microseconds, as on a slow disk or a network volume.
 * cc -O2 -shared -fPIC -o slow-sync.so slow-sync.c -ldl;  SYNC_DELAY_US=5000 LD_PRELOAD=$PWD/slow-sync.so program */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_first(void) {
    const char *delay = getenv("SYNC_DELAY_US");
    if (delay) usleep(atoi(delay));
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_first();
    return real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_first();
    return real(fd);
}
