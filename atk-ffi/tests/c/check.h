/* What the test programs share. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atk.h"

#define CHECK(condition)                                                                   \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                \
            exit(1);                                                                       \
        }                                                                                  \
    } while (0)

/* Says that a call succeeded; shows its error where it did not. */
#define OK(call)                                                                           \
    do {                                                                                   \
        atk_status status_ = (call);                                                       \
        if (status_ != ATK_OK) {                                                           \
            fprintf(stderr, "%s:%d: %s: %d %s\n", __FILE__, __LINE__, #call, (int)status_, \
                    error != NULL ? atk_error_message(error) : "");                        \
            exit(1);                                                                       \
        }                                                                                  \
    } while (0)

/* Says that a call failed with a status, with an error object that agrees, and frees that. */
#define FAILS(expected, call)                                                              \
    do {                                                                                   \
        atk_status status_ = (call);                                                       \
        if (status_ != (expected)) {                                                       \
            fprintf(stderr, "%s:%d: %s: %d, not %d: %s\n", __FILE__, __LINE__, #call,      \
                    (int)status_, (int)(expected),                                         \
                    error != NULL ? atk_error_message(error) : "");                        \
            exit(1);                                                                       \
        }                                                                                  \
        CHECK(error != NULL && atk_error_number(error) == status_);                        \
        CHECK(atk_error_message(error)[0] != '\0' && atk_error_id(error)[0] != '\0');      \
        atk_error_free(error);                                                             \
        error = NULL;                                                                      \
    } while (0)

static atk_error *error = NULL;

/* A home below the directory that the test gave, with options of its environment. */
static inline atk_home *open_home(const char *path) {
    atk_home_options *options = NULL;
    atk_home *home = NULL;
    OK(atk_home_options_from_env(&options, &error));
    OK(atk_home_open(path, options, &home, &error));
    atk_home_options_free(options);
    CHECK(strcmp(atk_home_path(home), path) == 0);
    return home;
}

#endif
