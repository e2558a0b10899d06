/*
 * Adds a plugin: shows each step, asks whether to trust the source, takes variables from the environment.
 *
 *     add <home> <source>
 *     cc add.c $(pkg-config --cflags --libs atk) -o add
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atk.h>

static int32_t on_event(void *userdata, const atk_event *event) {
    (void)userdata;
    if (atk_event_number(event) == ATK_EVENT_STEP) {
        printf("%s\n", atk_event_text(event));
    }
    return 0; /* Any other value cancels the operation. */
}

static int32_t on_prompt(void *userdata, atk_prompt *prompt) {
    (void)userdata;
    if (atk_prompt_kind(prompt) == ATK_PROMPT_TRUST) {
        for (size_t i = 0; atk_prompt_detail(prompt, i) != NULL; i++) {
            printf("  %s\n", atk_prompt_detail(prompt, i));
        }
        printf("%s [y/N]\n", atk_prompt_message(prompt));
        return atk_prompt_answer_yes(prompt, getchar() == 'y', NULL);
    }
    /* The id of a question for a variable ends with its name: `env:tool:TOKEN`. */
    const char *value = getenv(strrchr(atk_prompt_id(prompt), ':') + 1);
    return value != NULL ? atk_prompt_answer_text(prompt, value, NULL)
                         : atk_prompt_answer_default(prompt, NULL);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        return 2;
    }
    atk_host host = {.struct_size = sizeof host, .on_event = on_event, .on_prompt = on_prompt};
    atk_home *home = NULL;
    atk_result *created = NULL, *added = NULL;
    atk_error *error = NULL;
    if (atk_home_open(argv[1], NULL, &home, &error) == ATK_OK &&
        atk_home_init(home, NULL, &host, NULL, &created, &error) == ATK_OK &&
        atk_home_add(home, argv[2], NULL, &host, NULL, &added, &error) == ATK_OK) {
        printf("added %s\n", atk_result_directory(added, 0));
    } else if (atk_error_number(error) == ATK_PLUGIN_EXISTS) {
        printf("already installed\n");
    } else {
        fprintf(stderr, "%s: %s\n", atk_error_id(error), atk_error_message(error));
    }
    int code = atk_error_exit_code(error); /* 0 for NULL. */
    atk_error_free(error);
    atk_result_free(added);
    atk_result_free(created);
    atk_home_free(home);
    return code;
}
