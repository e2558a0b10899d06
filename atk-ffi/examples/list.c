/*
 * Adds a plugin to a home, and lists what is there.
 *
 *     list <home> <source>
 *     cc list.c $(pkg-config --cflags --libs atk) -o list
 */
#include <stdio.h>

#include <atk.h>

/* Shows an error and frees it. */
static int failed(atk_error *error) {
    fprintf(stderr, "error: %s (%s)\n", atk_error_message(error), atk_error_id(error));
    int code = atk_error_exit_code(error);
    atk_error_free(error);
    return code;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: list <home> <source>\n");
        return 2;
    }
    atk_home *home = NULL;
    atk_result *result = NULL;
    atk_error *error = NULL;

    /* NULL for the options: what the environment says, as the command `atk` understands it. */
    if (atk_home_open(argv[1], NULL, &home, &error) != ATK_OK) {
        return failed(error);
    }
    /* A home that is there already is left as it is. */
    if (atk_home_init(home, NULL, NULL, NULL, &result, &error) != ATK_OK) {
        atk_home_free(home);
        return failed(error);
    }
    atk_result_free(result);

    /* Nobody answers questions here: what needs an answer is an error that names it. */
    if (atk_home_add(home, argv[2], NULL, NULL, NULL, &result, &error) != ATK_OK) {
        atk_home_free(home);
        return failed(error);
    }
    printf("added %s\n", atk_result_directory(result, 0));
    atk_result_free(result);

    if (atk_home_list(home, NULL, NULL, &result, &error) != ATK_OK) {
        atk_home_free(home);
        return failed(error);
    }
    for (size_t i = 0; i < atk_result_count(result); i++) {
        printf("%s: %s\n", atk_result_directory(result, i), atk_result_name(result, i));
    }
    atk_result_free(result);
    atk_home_free(home);
    return 0;
}
