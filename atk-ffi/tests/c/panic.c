/* A panic in the core, before each step of an operation in turn. Arguments: home, a local directory
 * whose plugin is `mine`. */
#include "check.h"

/* In the library that the test made. */
extern void planted_panic(atk_home_options *options, size_t number, bool bomb);

static size_t count(const atk_home *home) {
    atk_result *result = NULL;
    OK(atk_home_list(home, NULL, NULL, &result, &error));
    size_t count = atk_result_count(result);
    atk_result_free(result);
    return count;
}

/* Adds with a panic before a step; false once there are no more steps. */
static bool add_panics(const char *path, const char *source, size_t number, bool bomb) {
    atk_home_options *options = NULL;
    atk_home *home = NULL;
    atk_result *result = NULL;
    OK(atk_home_options_from_env(&options, &error));
    planted_panic(options, number, bomb);
    OK(atk_home_open(path, options, &home, &error));
    atk_home_options_free(options);
    atk_status status = atk_home_add(home, source, NULL, NULL, NULL, &result, &error);
    if (status != ATK_OK) {
        CHECK(status == ATK_INTERNAL && atk_error_number(error) == ATK_INTERNAL && result == NULL);
        CHECK(strcmp(atk_error_id(error), "internal") == 0);
        CHECK(strstr(atk_error_message(error), bomb ? "no message" : "planted before") != NULL);
        atk_error_free(error);
        error = NULL;
        /* The very handle goes on working. */
        CHECK(count(home) <= 1);
    }
    atk_result_free(result);
    atk_home_free(home);
    return status != ATK_OK;
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    atk_home *home = open_home(argv[1]);
    atk_options *options = atk_options_new();
    atk_result *result = NULL;
    OK(atk_options_set_force(options, true, &error));
    OK(atk_home_init(home, NULL, NULL, NULL, &result, &error));
    atk_result_free(result);
    size_t undone = 0;
    size_t number = 1;
    for (bool panics = true; panics; number++) {
        panics = add_panics(argv[1], argv[2], number, number % 2 == 0);
        if (count(home) == 0) {
            undone++;
        } else {
            OK(atk_home_remove(home, "mine", options, NULL, NULL, &result, &error));
            atk_result_free(result);
        }
    }
    CHECK(number > 5 && undone > 3);
    CHECK(count(home) == 0);
    atk_options_free(options);
    atk_home_free(home);
    puts("done");
    return 0;
}
