/* Cancelling, from another thread and from a signal handler. Arguments: home, the URL of a server
 * that does not answer, a local directory whose install command sleeps. */
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static atk_cancel *token;
static volatile sig_atomic_t begun;
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
    usleep(300000);
    cancel_now();
    return NULL;
}

static int32_t on_event(void *userdata, const atk_event *event) {
    (void)userdata;
    if (strcmp(atk_event_kind(event), "output") == 0 && !begun) {
        begun = 1;
        alarm(1);
    }
    return 0;
}

static double since(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - cancelled_at.tv_sec) + (double)(now.tv_nsec - cancelled_at.tv_nsec) / 1e9;
}

int main(int argc, char **argv) {
    CHECK(argc == 4);
    atk_home *home = open_home(argv[1]);
    atk_result *result = NULL;
    OK(atk_home_init(home, NULL, NULL, &result, &error));
    atk_result_free(result);
    result = NULL;

    token = atk_cancel_new();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, cancels, NULL) == 0);
    FAILS(ATK_CANCELLED, atk_home_add(home, argv[2], NULL, NULL, token, &result, &error));
    fprintf(stderr, "fetch: %.0f ms\n", since() * 1000);
    CHECK(since() < 1.0);
    CHECK(pthread_join(thread, NULL) == 0);
    atk_cancel_free(token);

    token = atk_cancel_new();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    atk_host host;
    memset(&host, 0, sizeof host);
    host.struct_size = sizeof host;
    host.on_event = on_event;
    FAILS(ATK_CANCELLED, atk_home_add(home, argv[3], NULL, &host, token, &result, &error));
    fprintf(stderr, "command: %.0f ms\n", since() * 1000);
    CHECK(begun && since() < 1.0);
    atk_cancel_free(token);

    OK(atk_home_list(home, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 0);
    atk_result_free(result);
    atk_home_free(home);
    puts("done");
    return 0;
}
