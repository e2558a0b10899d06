/*
 * Adds a plugin of a registry: asks what must be asked, shows what goes on, and takes Ctrl-C as a
 * cancel, after which the home is as it was.
 *
 *     interactive <home> <registry> <source>
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <atk.h>

static atk_cancel *token;

/* Cancelling is safe here: it sets a flag. */
static void on_interrupt(int number) {
    (void)number;
    atk_cancel_cancel(token);
}

static int32_t on_event(void *userdata, const atk_event *event) {
    (void)userdata;
    const char *kind = atk_event_kind(event);
    size_t size = 0;
    const uint8_t *chunk = atk_event_chunk(event, &size);
    if (chunk != NULL) {
        fwrite(chunk, 1, size, stdout);
    } else if (strcmp(kind, "progress") == 0) {
        fprintf(stderr, "%s: %llu bytes\n", atk_event_text(event),
                (unsigned long long)atk_event_bytes(event));
    } else if (strcmp(kind, "step") == 0 || strcmp(kind, "message") == 0) {
        fprintf(stderr, "%s\n", atk_event_text(event));
    }
    return 0;
}

static int32_t on_prompt(void *userdata, atk_prompt *prompt) {
    (void)userdata;
    char line[1024];
    const char *detail;
    for (size_t i = 0; (detail = atk_prompt_detail(prompt, i)) != NULL; i++) {
        printf("  %s\n", detail);
    }
    const char *usual = atk_prompt_default(prompt);
    printf("%s%s%s%s ", atk_prompt_message(prompt), usual ? " [" : "", usual ? usual : "",
           usual ? "]" : "");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL) {
        return 0; /* Unanswered: where an answer is needed, that is an error. */
    }
    line[strcspn(line, "\r\n")] = '\0';
    switch (atk_prompt_kind(prompt)) {
    case ATK_PROMPT_CONFIRM:
    case ATK_PROMPT_TRUST:
        return atk_prompt_answer_yes(prompt, line[0] == 'y', NULL);
    default:
        return line[0] == '\0' ? atk_prompt_answer_default(prompt, NULL)
                               : atk_prompt_answer_text(prompt, line, NULL);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: interactive <home> <registry> <source>\n");
        return 2;
    }
    atk_error *error = NULL;
    atk_home_options *options = NULL;
    atk_home *home = NULL;
    atk_result *result = NULL;
    token = atk_cancel_new();
    signal(SIGINT, on_interrupt);

    atk_host host;
    memset(&host, 0, sizeof host);
    host.struct_size = sizeof host;
    host.on_event = on_event;
    host.on_prompt = on_prompt;

    atk_status status = atk_home_options_from_env(&options, &error);
    if (status == ATK_OK) {
        status = atk_home_options_set_registry(options, argv[2], &error);
    }
    if (status == ATK_OK) {
        status = atk_home_open(argv[1], options, &home, &error);
    }
    if (status == ATK_OK) {
        status = atk_home_add(home, argv[3], NULL, &host, token, &result, &error);
    }
    if (status == ATK_OK) {
        printf("added %s\n", atk_result_directory(result, 0));
    } else {
        fprintf(stderr, "error: %s\n%s\n", atk_error_message(error), atk_error_json(error));
    }
    int code = atk_error_exit_code(error);
    atk_error_free(error);
    atk_result_free(result);
    atk_home_free(home);
    atk_home_options_free(options);
    atk_cancel_free(token);
    return code;
}
