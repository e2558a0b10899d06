/* Uses the C library: init, add, list, remove. program <home> <source> */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atk.h>

static void must(atk_status status, atk_error *error) {
    if (status != ATK_OK) {
        fprintf(stderr, "error: %s\n", atk_error_message(error));
        exit(1);
    }
}

static void must_be(int is_right, const char *text) {
    if (!is_right) {
        fprintf(stderr, "wrong: %s\n", text);
        exit(1);
    }
}

int main(int argc, char **argv) {
    atk_home *home = NULL;
    atk_result *result = NULL;
    atk_error *error = NULL;
    atk_options *options = atk_options_new();

    must_be(argc == 3, "program <home> <source>");
    must_be(strcmp(atk_version(), ATK_VERSION) == 0, "the header is of another version");
    must(atk_options_set_yes(options, true, &error), error);
    must(atk_home_open(argv[1], NULL, &home, &error), error);
    must(atk_home_init(home, NULL, NULL, NULL, NULL, &error), error);
    must(atk_home_add(home, argv[2], options, NULL, NULL, NULL, &error), error);
    must(atk_home_list(home, NULL, NULL, &result, &error), error);
    must_be(atk_result_count(result) == 1, "one plugin");
    must_be(strcmp(atk_result_directory(result, 0), "weather") == 0, "its directory");
    atk_result_free(result);
    must(atk_home_remove(home, "weather", options, NULL, NULL, NULL, &error), error);
    must(atk_home_list(home, NULL, NULL, &result, &error), error);
    must_be(atk_result_count(result) == 0, "no plugin is left");
    atk_result_free(result);
    atk_options_free(options);
    atk_home_free(home);
    printf("the C library works: %s\n", atk_version());
    return 0;
}
