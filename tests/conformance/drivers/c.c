/* Runs operations for the conformance scenarios.
 *
 * A request is a word and its values a line, with tabs between them, and ends with an empty line.
 * The answer is a trace, a JSON document a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atk.h"

#define MOST 200

/* The request: each line is cut into words. */
static char *lines[MOST][4];
static size_t line_count;
static const char *words[MOST];
static size_t word_count;
static const char *cancel_at;
static atk_cancel *token;
/* For the runner's own tests: a difference that it must find. */
static const char *plant = "";

static bool is(const char *one, const char *other) { return one != NULL && strcmp(one, other) == 0; }

/* A value of the request that is an argument of the operation. */
static const char *argument(const char *name) {
    for (size_t i = 0; i < line_count; i++) {
        if (is(lines[i][0], "with") && is(lines[i][1], name)) {
            return lines[i][2];
        }
    }
    return NULL;
}

#include "dispatch.h"

static void show(const char *kind, const char *document) {
    if (!is(plant, "silent")) {
        printf("{\"%s\":%s}\n", kind, document);
        fflush(stdout);
    }
}

static int32_t on_event(void *userdata, const atk_event *event) {
    (void)userdata;
    if (!(is(plant, "event") && is(atk_event_kind(event), "operation_started"))) {
        show("event", atk_event_json(event));
    }
    if (is(cancel_at, atk_event_kind(event))) {
        atk_cancel_cancel(token);
    }
    return 0;
}

static int32_t on_prompt(void *userdata, atk_prompt *prompt) {
    (void)userdata;
    show("prompt", atk_prompt_json(prompt));
    if (is(cancel_at, "prompt")) {
        atk_cancel_cancel(token);
    }
    for (size_t i = 0; i < line_count; i++) {
        char **line = lines[i];
        if (!is(line[0], "reply") || !is(line[1], atk_prompt_id(prompt))) {
            continue;
        }
        if (is(line[2], "yes")) {
            return atk_prompt_answer_yes(prompt, is(line[3], "true"), NULL);
        }
        return is(line[2], "text") ? atk_prompt_answer_text(prompt, line[3], NULL)
                                   : atk_prompt_answer_default(prompt, NULL);
    }
    return 0;
}

/* Cuts a line at its tabs, and replaces escapes. */
static void cut(char *text, char **into) {
    size_t count = 0;
    char *end = text;
    into[count++] = text;
    for (; *text != '\0' && *text != '\n'; text++) {
        if (*text == '\t') {
            *end++ = '\0';
            if (count < 4) {
                into[count++] = end;
            }
        } else if (*text == '\\') {
            text++;
            *end++ = *text == 't' ? '\t' : *text == 'n' ? '\n' : '\\';
        } else {
            *end++ = *text;
        }
    }
    *end = '\0';
    while (count < 4) {
        into[count++] = NULL;
    }
}

static bool is_positional(const char *name) {
    static const char *const names[] = {"source", "dest", "plugin", "script", "args", "query", "commit", "name", "directory", "registry", "file"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is(name, names[i])) {
            return true;
        }
    }
    return false;
}

static atk_status run(atk_result **result, atk_error **error) {
    const char *path = NULL, *operation = NULL;
    atk_home_options *own = NULL;
    atk_home *home = NULL;
    atk_options *options = atk_options_new();
    atk_host host = {.struct_size = sizeof host, .on_event = on_event};
    bool takes_options = false;
    atk_status status = atk_home_options_from_env(&own, error);
    word_count = 0;
    cancel_at = NULL;
    for (size_t i = 0; i < line_count && status == ATK_OK; i++) {
        char **line = lines[i];
        if (is(line[0], "home")) {
            path = line[1];
        } else if (is(line[0], "option")) {
            bool has_key = line[3] != NULL || is(line[1], "env") || is(line[1], "registries");
            status = set_home_option(own, line[1], has_key ? line[2] : NULL,
                                     has_key ? line[3] : line[2], error);
        } else if (is(line[0], "call")) {
            operation = line[1];
        } else if (is(line[0], "with") && is(line[1], "args")) {
            if (line[2] != NULL) {
                words[word_count++] = line[2];
            }
        } else if (is(line[0], "with") && !is_positional(line[1]) &&
                   !(is(line[1], "url") && (is(operation, "bootstrap") || is(operation, "registry_add")))) {
            takes_options = true;
            bool has_key = line[3] != NULL || is(line[1], "env") || is(line[1], "answers");
            status = set_option(options, line[1], has_key ? line[2] : NULL,
                                has_key ? line[3] : line[2], error);
        } else if (is(line[0], "replies")) {
            host.on_prompt = on_prompt;
        } else if (is(line[0], "cancel_at")) {
            cancel_at = line[1];
        }
    }
    if (status == ATK_OK) {
        status = atk_home_open(path, own, &home, error);
    }
    if (status == ATK_OK) {
        status = call_operation(operation, home, takes_options ? options : NULL, &host, token,
                                result, error);
    }
    atk_options_free(options);
    atk_home_options_free(own);
    atk_home_free(home);
    return status;
}

int main(void) {
    static char texts[MOST][20000];
    if (getenv("ATK_CONFORMANCE_PLANT") != NULL) {
        plant = getenv("ATK_CONFORMANCE_PLANT");
    }
    while (fgets(texts[line_count], sizeof *texts, stdin) != NULL) {
        if (texts[line_count][0] != '\n') {
            cut(texts[line_count], lines[line_count]);
            if (++line_count == MOST) {
                return 1;
            }
            continue;
        }
        atk_result *result = NULL;
        atk_error *error = NULL;
        token = atk_cancel_new();
        bool succeeded = run(&result, &error) == ATK_OK;
        if (is(plant, "field") && succeeded) {
            show("outcome", "{\"planted\":true}");
        } else if (succeeded) {
            show("outcome", atk_result_json(result));
        } else {
            show(is(plant, "success") ? "outcome" : "error", atk_error_json(error));
        }
        atk_error_free(error);
        atk_result_free(result);
        atk_cancel_free(token);
        line_count = 0;
    }
    return 0;
}
