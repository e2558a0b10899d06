/*
 * Adds a plugin: asks what must be asked, shows what goes on, and takes Ctrl-C as a cancel, after
 * which the home is as it was.
 *
 *     interactive <home> <source>
 *     cc interactive.c $(pkg-config --cflags --libs atk) -o interactive
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <atk.h>

static atk_cancel *token;

/* Readable once Ctrl-C was pressed. A signal alone would not do: one that comes just before the
 * program waits for input interrupts nothing. */
static int interrupted[2];

/* Cancelling is safe here: it sets a flag. So is write. */
static void on_interrupt(int number) {
    (void)number;
    atk_cancel_cancel(token);
    (void)!write(interrupted[1], "", 1);
}

/* Waits for input. False if Ctrl-C came first. */
static bool wait_for_input(void) {
    struct pollfd files[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = interrupted[0], .events = POLLIN}};
    while (poll(files, 2, -1) < 0) {
        /* A signal came: the pipe tells which. */
    }
    return files[1].revents == 0;
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
    } else if (strcmp(kind, "resolved") == 0 || strcmp(kind, "step") == 0 ||
               strcmp(kind, "message") == 0) {
        fprintf(stderr, "%s\n", atk_event_text(event));
    }
    return 0;
}

/* Stops the terminal from showing what is typed. False where there is no terminal. */
static bool hide(struct termios *before) {
    if (tcgetattr(STDIN_FILENO, before) != 0) {
        return false;
    }
    struct termios hidden = *before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    return tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

/* Asks a question. False where nobody answers. */
static bool ask(const atk_prompt *prompt, char *line, int size) {
    const char *usual = atk_prompt_default(prompt);
    const char *detail;
    for (size_t i = 0; (detail = atk_prompt_detail(prompt, i)) != NULL; i++) {
        printf("  %s\n", detail);
    }
    struct termios before;
    bool hidden = atk_prompt_kind(prompt) == ATK_PROMPT_SECRET && hide(&before);
    printf("%s%s%s%s ", atk_prompt_message(prompt), usual != NULL ? " [" : "",
           usual != NULL ? usual : "", usual != NULL ? "]" : "");
    fflush(stdout);
    bool answered = wait_for_input() && fgets(line, size, stdin) != NULL;
    if (hidden) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        putchar('\n');
    }
    if (answered) {
        line[strcspn(line, "\r\n")] = '\0';
    }
    return answered;
}

static int32_t on_prompt(void *userdata, atk_prompt *prompt) {
    (void)userdata;
    char line[1024];
    uint32_t kind = atk_prompt_kind(prompt);
    if (!ask(prompt, line, sizeof line)) {
        return 0; /* Unanswered: where an answer is needed, that is an error. */
    }
    if (kind == ATK_PROMPT_CONFIRM || kind == ATK_PROMPT_TRUST) {
        return atk_prompt_answer_yes(prompt, line[0] == 'y', NULL);
    }
    return line[0] == '\0' ? atk_prompt_answer_default(prompt, NULL)
                           : atk_prompt_answer_text(prompt, line, NULL);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: interactive <home> <source>\n");
        return 2;
    }
    atk_error *error = NULL;
    atk_home *home = NULL;
    atk_result *result = NULL;

    /* Without a buffer, what poll sees is all there is to read. */
    setvbuf(stdin, NULL, _IONBF, 0);
    if (pipe(interrupted) != 0 || fcntl(interrupted[1], F_SETFL, O_NONBLOCK) != 0) {
        perror("pipe");
        return 1;
    }
    token = atk_cancel_new();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    sigaction(SIGINT, &action, NULL);

    atk_host host;
    memset(&host, 0, sizeof host);
    host.struct_size = sizeof host;
    host.on_event = on_event;
    host.on_prompt = on_prompt;

    atk_status status = atk_home_open(argv[1], NULL, &home, &error);
    if (status == ATK_OK) {
        status = atk_home_add(home, argv[2], NULL, &host, token, &result, &error);
    }
    if (status == ATK_OK) {
        printf("added %s\n", atk_result_directory(result, 0));
    } else {
        fprintf(stderr, "error: %s\n", atk_error_message(error));
    }
    int code = atk_error_exit_code(error);
    atk_error_free(error);
    atk_result_free(result);
    atk_home_free(home);
    atk_cancel_free(token);
    return code;
}
