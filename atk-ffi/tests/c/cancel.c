/* Cancelling a fetch and a command of a plugin, from another thread and from a signal handler.
 * Arguments: home, the URL of a server that does not answer, a local directory whose install command
 * sleeps. */
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

/* How long after it was begun what is to be cancelled is cancelled. */
static const long delay = 200 * 1000;

static atk_cancel *token;
static bool by_signal;
static bool begun;
static pthread_t thread;
static struct timespec cancelled_at;

static void cancel_now(void) {
    clock_gettime(CLOCK_MONOTONIC, &cancelled_at);
    atk_cancel_cancel(token);
}

static void on_alarm(int number) {
    (void)number;
    cancel_now();
}

static void *cancels(void *unused) {
    (void)unused;
    usleep((useconds_t)delay);
    cancel_now();
    return NULL;
}

static void cancel_soon(void) {
    begun = true;
    if (by_signal) {
        struct itimerval timer;
        memset(&timer, 0, sizeof timer);
        timer.it_value.tv_usec = delay;
        CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    } else {
        CHECK(pthread_create(&thread, NULL, cancels, NULL) == 0);
    }
}

static int32_t on_event(void *userdata, const atk_event *event) {
    (void)userdata;
    if (strcmp(atk_event_kind(event), "output") == 0 && !begun) {
        cancel_soon();
    }
    return 0;
}

static double milliseconds_since(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - cancelled_at.tv_sec) * 1e3 +
           (double)(now.tv_nsec - cancelled_at.tv_nsec) / 1e6;
}

/* Adds, and is cancelled: soon after the beginning, or once a command has said something. */
static void cancelled(const atk_home *home, const char *what, const char *source, bool at_once) {
    atk_result *result = NULL;
    atk_host host;
    memset(&host, 0, sizeof host);
    host.struct_size = sizeof host;
    host.on_event = on_event;
    begun = false;
    token = atk_cancel_new();
    if (at_once) {
        cancel_soon();
    }
    FAILS(ATK_CANCELLED, atk_home_add(home, source, NULL, &host, token, &result, &error));
    double took = milliseconds_since();
    fprintf(stderr, "%s, %s: %.0f ms\n", what, by_signal ? "by a signal" : "by a thread", took);
    CHECK(begun && result == NULL && atk_cancel_is_cancelled(token));
    /* 100 on a machine that has nothing else to do. */
    CHECK(took < 1000);
    if (!by_signal) {
        CHECK(pthread_join(thread, NULL) == 0);
    }
    atk_cancel_free(token);
}

int main(int argc, char **argv) {
    CHECK(argc == 4);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);

    atk_home *home = open_home(argv[1]);
    for (int i = 0; i < 2; i++) {
        by_signal = i == 1;
        cancelled(home, "a fetch", argv[2], true);
        cancelled(home, "a command", argv[3], false);
    }
    atk_result *result = NULL;
    OK(atk_home_list(home, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 0);
    atk_result_free(result);
    atk_home_free(home);
    puts("done");
    return 0;
}
