/*
 * ATK: installs, pins and upgrades the tools around AI-assisted development.
 *
 * This file is generated; it is part of the library's contract.
 *
 * A first program, without error handling:
 *
 *     atk_home *home = NULL;
 *     atk_result *added = NULL;
 *     atk_home_open("/home/me/.atk", NULL, &home, NULL);
 *     atk_home_init(home, NULL, NULL, NULL, &added, NULL);
 *     atk_result_free(added);
 *     atk_home_add(home, "openmemory", NULL, NULL, NULL, &added, NULL);
 *     puts(atk_result_directory(added, 0));
 *     atk_result_free(added);
 *     atk_home_free(home);
 *
 * Objects. Every object is opaque. What a function returns from `_new` or stores through a pointer
 * to a pointer is the caller's, and freed by the `_free` function of its type, once; freeing NULL
 * does nothing. What is "borrowed from" an object is valid until that object is freed, and must
 * not be freed itself. Never use `free()` on anything of the library.
 *
 * Status. A function that can fail returns an `atk_status`: `ATK_OK`, or the number of an error
 * kind. Its last parameter is an `atk_error **`: where that is not NULL, a failure stores an error
 * object there, which the caller frees; success leaves it alone. Out-parameters are written on
 * success only. NULL where something is needed, and text that is not UTF-8, is
 * `ATK_INVALID_ARGUMENT`; "Errors" below a function names what else to expect, and
 * `ATK_CANCELLED`, `ATK_IO`, `ATK_HOST_FAILED`, `ATK_HOME_LOCKED` and those of a home that is not
 * valid may come from any operation. `ATK_INTERNAL` is a defect of the library, which goes on
 * working. A getter that is given NULL returns NULL, 0 or false. Numbers are never reused;
 * later versions may return ones that this header does not list.
 *
 * Strings. All strings end with NUL and are UTF-8, coming and going; `ATK_INVALID_ARGUMENT` for
 * what is not. Paths, arguments and the environment are bytes of any kind. Strings that are handed
 * in are copied.
 *
 * Threads. There is no global state, and nothing to initialise. An `atk_home` and an `atk_cancel`
 * may be used by several threads at once, by as many calls as they like. Any other object is used
 * by one thread at a time. A pointer to const says that an object is only read.
 *
 * Calls. An operation blocks until it is done. It takes a handle on a home, its own arguments, if
 * it has any options these (NULL for the default ones), a table of callbacks (NULL for none), and a
 * cancel token (NULL for none). An option that an operation does not take is
 * `ATK_INVALID_ARGUMENT`. Lifecycle commands of plugins get no standard input, and their output arrives as
 * events: the library never reads or writes the program's own streams.
 *
 * Callbacks. They run on the thread that called the operation, one at a time, and only during the
 * call. They may call any function of the library, on any object but the ones that their caller is
 * using without const; what would change the home that the call is changing fails with
 * `ATK_HOME_NESTED`. They must not throw, and must not leave by `longjmp`. A callback that wants
 * the operation to end returns something else than 0.
 *
 * Cancelling. `atk_cancel_cancel()` is safe in a signal handler. The operation ends with
 * `ATK_CANCELLED` within 100 ms, plus up to 5 s that a command of a plugin is given to end by
 * itself, and the home is as it was before.
 *
 * Results. A result has accessors for what programs branch on, everything as a tree of values
 * (`atk_result_value()`), and the same as JSON: documents that are the same in every binding of the
 * library. docs/reference.md describes them: the fields of a report, say, and those of the lines in
 * its `plugins`. `result` may be NULL if it is not wanted.
 *
 * What a plugin's commands do outside its directory cannot be undone.
 */


#ifndef ATK_H
#define ATK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header. */
#define ATK_VERSION "0.1.0"
#define ATK_VERSION_MAJOR 0
#define ATK_VERSION_MINOR 1
#define ATK_VERSION_PATCH 0

/** `ATK_OK`, or the number of an error kind. */
typedef int32_t atk_status;

enum {
    ATK_OK = 0,
    ATK_INTERNAL = 1,
    ATK_INVALID_ARGUMENT = 2,
    ATK_CANCELLED = 3,
    ATK_HOST_FAILED = 4,
    ATK_INTERACTION_REQUIRED = 5,
    ATK_IO = 6,
    ATK_DECLINED = 7,
    ATK_HOME_NOT_INITIALIZED = 20,
    ATK_HOME_OCCUPIED = 21,
    ATK_HOME_INVALID = 22,
    ATK_HOME_LOCKED = 23,
    ATK_HOME_NESTED = 24,
    ATK_HOME_IN_PROGRESS = 25,
    ATK_RECOVERY_FAILED = 26,
    ATK_PLUGIN_NOT_INSTALLED = 40,
    ATK_PLUGIN_EXISTS = 41,
    ATK_DIRECTORY_OCCUPIED = 42,
    ATK_DEFINITION_INVALID = 43,
    ATK_CONTENT_REFUSED = 44,
    ATK_LOCAL_NOT_UPGRADABLE = 45,
    ATK_NOT_DECLARED = 46,
    ATK_HELD = 47,
    ATK_LATER_CHANGES = 48,
    ATK_VERIFICATION_FAILED = 49,
    ATK_SOURCE_INVALID = 60,
    ATK_SOURCE_NOT_FOUND = 61,
    ATK_NOT_IN_REGISTRY = 62,
    ATK_REGISTRY_INVALID = 63,
    ATK_REGISTRY_NOT_FOUND = 64,
    ATK_SOURCE_AMBIGUOUS = 65,
    ATK_VARIABLES_UNSET = 70,
    ATK_PORT_IN_USE = 71,
    ATK_TRUST_REQUIRED = 72,
    ATK_LIFECYCLE_FAILED = 73,
    ATK_PLAN_OUTDATED = 74,
    ATK_AGENT_ENTRY_FOREIGN = 80,
    ATK_AGENT_FILE_INVALID = 81,
    ATK_AGENT_UNSUPPORTED = 82,
    ATK_GIT_MISSING = 90,
    ATK_GIT_FAILED = 91,
    ATK_NETWORK_FAILED = 92,
    ATK_TIMED_OUT = 93,
    ATK_ACCESS_DENIED = 94,
    ATK_REPOSITORY_NOT_FOUND = 95,
    ATK_REPOSITORY_EMPTY = 96,
    ATK_PIN_NOT_FOUND = 97,
    ATK_COMMIT_REFUSED = 98,
    ATK_REF_NOT_FOUND = 99,
    ATK_REF_AMBIGUOUS = 100,
    ATK_REF_MOVED = 101,
    ATK_OFFLINE = 102
};

/**
 * An operation began.
 */
#define ATK_EVENT_OPERATION_STARTED 1

/**
 * The source was resolved.
 */
#define ATK_EVENT_RESOLVED 2

/**
 * An operation on one or more plugins comes to the next one.
 */
#define ATK_EVENT_PLUGIN_STARTED 3

/**
 * The operation is done with a plugin.
 */
#define ATK_EVENT_PLUGIN_FINISHED 4

/**
 * A step began.
 */
#define ATK_EVENT_STEP 5

/**
 * Progress of a transfer or of a long commit.
 */
#define ATK_EVENT_PROGRESS 6

/**
 * A command wrote something.
 */
#define ATK_EVENT_OUTPUT 7

/**
 * A message for a person.
 */
#define ATK_EVENT_MESSAGE 8

/**
 * A home is being watched.
 */
#define ATK_EVENT_WATCHING 9

/**
 * A watched home has changed.
 */
#define ATK_EVENT_CHANGED 10

/**
 * The operation ended.
 */
#define ATK_EVENT_OPERATION_FINISHED 11

/**
 * Yes or no, about something that is to be done.
 */
#define ATK_PROMPT_CONFIRM 1

/**
 * Yes or no, about running what a source brings.
 */
#define ATK_PROMPT_TRUST 2

/**
 * A line of text.
 */
#define ATK_PROMPT_TEXT 3

/**
 * A line of text that must not be shown.
 */
#define ATK_PROMPT_SECRET 4

/**
 * The operation was done for the plugin.
 */
#define ATK_ITEM_DONE 1

/**
 * There was nothing to do for it.
 */
#define ATK_ITEM_SKIPPED 2

/**
 * The operation failed for it, and it is as it was before.
 */
#define ATK_ITEM_FAILED 3

/**
 * Nothing: a field that is null.
 */
#define ATK_VALUE_NULL 1

/**
 * True or false.
 */
#define ATK_VALUE_BOOL 2

/**
 * An integer.
 */
#define ATK_VALUE_INTEGER 3

/**
 * A text.
 */
#define ATK_VALUE_TEXT 4

/**
 * A list of values.
 */
#define ATK_VALUE_LIST 5

/**
 * Values by name.
 */
#define ATK_VALUE_OBJECT 6

/**
 * The number in the library's file name; it grows when a program must be built anew.
 */
#define ATK_ABI_VERSION 0

/**
 * Cancels operations from another thread or from a signal handler. Free with
 * `atk_cancel_free()`; operations that use it may still be running then.
 */
typedef struct atk_cancel atk_cancel;

/**
 * Why an operation failed. Free with `atk_error_free()`, unless it is borrowed.
 */
typedef struct atk_error atk_error;

/**
 * Something that happened during an operation. It lives for the time of the callback alone.
 */
typedef struct atk_event atk_event;

/**
 * A handle on a home. It may be used by several threads at once. Free with `atk_home_free()`,
 * when no call that uses it is running any more.
 */
typedef struct atk_home atk_home;

/**
 * What the library is told of its surroundings. Free with `atk_home_options_free()`; a home that
 * was opened with it keeps a copy.
 */
typedef struct atk_home_options atk_home_options;

/**
 * How an operation is to be done. An option that is set, and that the operation does not take, is
 * `ATK_INVALID_ARGUMENT`. Free with `atk_options_free()`.
 */
typedef struct atk_options atk_options;

/**
 * A question to the program. It lives for the time of the callback alone, and is answered by one
 * of the `atk_prompt_answer_` functions before the callback returns; the last answer counts.
 */
typedef struct atk_prompt atk_prompt;

/**
 * The outcome of an operation: a JSON document, and accessors for what a program branches on.
 * Free with `atk_result_free()`.
 */
typedef struct atk_result atk_result;

/**
 * A value of a document: of an outcome, an error or an event. Its fields are those of the JSON
 * document. It is borrowed from what it was taken of, and lives as long as that.
 *
 * Every function takes NULL for a value and then returns NULL, 0 or false, so that calls can be
 * nested: `atk_value_text(atk_value_get(atk_value_get(plugin, "source"), "pin"))`.
 */
typedef struct atk_value atk_value;

/**
 * Hears of an event. Anything but 0 cancels the operation, and every other that was given the same
 * token.
 */
typedef int32_t (*atk_on_event)(void *userdata, const struct atk_event *event);

/**
 * Answers a question, by one of the `atk_prompt_answer_` functions; without an answer the operation
 * fails with `ATK_INTERACTION_REQUIRED`, where it needs one. Anything but 0 ends the operation with
 * `ATK_HOST_FAILED`.
 */
typedef int32_t (*atk_on_prompt)(void *userdata, struct atk_prompt *prompt);

/**
 * The callbacks of a program. They are called only on the thread that called the operation, one
 * at a time, and the table is read at the beginning of the call: it need not outlive it. Later
 * versions append fields; `struct_size` says which there are.
 */
typedef struct atk_host {
    /**
     * `sizeof(atk_host)`.
     */
    size_t struct_size;
    /**
     * Given to every callback; may be NULL.
     */
    void *userdata;
    /**
     * Hears of events; may be NULL.
     */
    atk_on_event on_event;
    /**
     * Answers questions; NULL without one.
     */
    atk_on_prompt on_prompt;
} atk_host;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Makes a token that is not cancelled. Never NULL.
 */
struct atk_cancel *atk_cancel_new(void);

/**
 * Cancels: every operation that was given the token ends with `ATK_CANCELLED`, and the home is
 * as it was. May be called from any thread, at any time, and from a signal handler. NULL is
 * allowed.
 */
void atk_cancel_cancel(const struct atk_cancel *token);

/**
 * True once it was cancelled.
 */
bool atk_cancel_is_cancelled(const struct atk_cancel *token);

/**
 * Frees a token. NULL is allowed.
 */
void atk_cancel_free(struct atk_cancel *token);

/**
 * The kind's stable number: the status that the function returned. 0 for NULL.
 */
int32_t atk_error_number(const struct atk_error *error);

/**
 * The kind's stable identifier (`plugin_not_installed`). Borrowed from the error; NULL for NULL.
 */
const char *atk_error_id(const struct atk_error *error);

/**
 * What went wrong, for people; nothing may depend on it. Borrowed from the error; NULL for NULL.
 */
const char *atk_error_message(const struct atk_error *error);

/**
 * The status that a command line would exit with. 0 for NULL.
 */
int32_t atk_error_exit_code(const struct atk_error *error);

/**
 * Everything that is known of the error as JSON: `code`, `number`, `exit_code`, `message`, `details`.
 * Borrowed from the error; NULL for NULL.
 */
const char *atk_error_json(const struct atk_error *error);

/**
 * The same as a tree: its `details` have what the error is about. Borrowed from the error; NULL for
 * NULL.
 */
const struct atk_value *atk_error_value(const struct atk_error *error);

/**
 * Frees an error that the caller owns. NULL is allowed.
 */
void atk_error_free(struct atk_error *error);

/**
 * How many error kinds there are.
 */
size_t atk_error_kind_count(void);

/**
 * The number of the kind at an index, in ascending order; 0 without one.
 */
int32_t atk_error_kind_number(size_t index);

/**
 * Writes the identifier of a kind into a buffer, with a NUL at its end, and returns its length in
 * bytes without the NUL; 0 if there is no kind of that number. What has no room is left out;
 * `buffer` may be NULL where `size` is 0.
 */
size_t atk_error_kind_id(int32_t number, char *buffer, size_t size);

/**
 * What happened, as a number: `ATK_EVENT_STEP` and so on. 0 for what this version of the header
 * has no number for, and for NULL.
 */
uint32_t atk_event_number(const struct atk_event *event);

/**
 * The whole event as a tree: the document of `atk_event_json()`. Borrowed from the event; NULL for
 * NULL.
 */
const struct atk_value *atk_event_value(const struct atk_event *event);

/**
 * What happened, as a word: `plugin_started`, `step` and the others of the numbers above, or what
 * later versions add. Borrowed from the event; NULL for NULL.
 */
const char *atk_event_kind(const struct atk_event *event);

/**
 * Of `operation_started` and `operation_finished` the operation (`add`), of `output` the lifecycle
 * command (`install`). NULL for other events. Borrowed from the event.
 */
const char *atk_event_operation(const struct atk_event *event);

/**
 * The directory of the plugin that it is about; NULL without one. Borrowed from the event.
 */
const char *atk_event_plugin(const struct atk_event *event);

/**
 * Its text: of `message`, `step` and `resolved` the words, of `progress` the source, of
 * `operation_started` what it is about, of `output` the chunk with what is no UTF-8 replaced.
 * NULL without one. Borrowed from the event.
 */
const char *atk_event_text(const struct atk_event *event);

/**
 * Of `output` the stream: 1 for standard output, 2 for standard error. 0 for other events.
 */
uint32_t atk_event_stream(const struct atk_event *event);

/**
 * Of `output` the bytes that the command wrote, and how many: neither lines nor UTF-8. NULL for
 * other events. Borrowed from the event; `size` may be NULL.
 */
const uint8_t *atk_event_chunk(const struct atk_event *event, size_t *size);

/**
 * Of `progress` the bytes received; 0 for other events.
 */
uint64_t atk_event_bytes(const struct atk_event *event);

/**
 * Of `progress` the objects received; 0 for other events.
 */
uint64_t atk_event_objects(const struct atk_event *event);

/**
 * Everything that is known of the event as JSON. Borrowed from the event; NULL for NULL.
 */
const char *atk_event_json(const struct atk_event *event);

/**
 * Opens the home at an absolute path, which need not exist yet. Nothing is read: each operation
 * checks what it needs.
 *
 * NULL for `path` is where the environment says the home is, which only options of
 * `atk_home_options_from_env()` know. NULL for `options` is the same as those.
 */
atk_status atk_home_open(const char *home_path,
                         const struct atk_home_options *options,
                         struct atk_home **home,
                         struct atk_error **error);

/**
 * The home's path. Borrowed from the home; NULL for NULL.
 */
const char *atk_home_path(const struct atk_home *home);

/**
 * Frees a handle; the home itself stays. NULL is allowed.
 */
void atk_home_free(struct atk_home *home);

/**
 * Makes options with everything at its default and an empty environment: nothing is looked up.
 * `cache_dir` is an absolute path, where fetched objects are kept; anything in it may be deleted
 * at any time.
 */
atk_status atk_home_options_new(const char *cache_dir,
                                struct atk_home_options **options,
                                struct atk_error **error);

/**
 * Makes options of the process's environment and working directory, as the command `atk` does:
 * `ATK_HOME`, `ATK_REGISTRY_URL`, `ATK_CACHE_DIR`, `XDG_CACHE_HOME`, `HOME`, and the variables that
 * child processes get.
 */
atk_status atk_home_options_from_env(struct atk_home_options **options, struct atk_error **error);

/**
 * Frees options. NULL is allowed.
 */
void atk_home_options_free(struct atk_home_options *options);

/**
 * Sets a variable of the environment of child processes; a NULL `value` removes it.
 */
atk_status atk_home_options_set_env(struct atk_home_options *options,
                                    const char *name,
                                    const char *value,
                                    struct atk_error **error);

/**
 * Adds a URL of a registry with a name. Of the URLs of one name, the first is the registry; the others are
 * mirrors, tried in order if the one before cannot be reached.
 */
atk_status atk_home_options_add_registry(struct atk_home_options *options,
                                         const char *name,
                                         const char *url,
                                         struct atk_error **error);

/**
 * The registry: a URL, or the absolute path of a repository. It must not be blank.
 */
atk_status atk_home_options_set_registry(struct atk_home_options *options,
                                         const char *registry,
                                         struct atk_error **error);

/**
 * True: connect to no server. Whatever needs one fails with `offline`.
 */
atk_status atk_home_options_set_offline(struct atk_home_options *options,
                                        bool offline,
                                        struct atk_error **error);

/**
 * The directory of the object cache. Anything in it may be deleted at any time.
 */
atk_status atk_home_options_set_cache_dir(struct atk_home_options *options,
                                          const char *cache_dir,
                                          struct atk_error **error);

/**
 * What relative paths of sources are relative to; the working directory if it is not given.
 */
atk_status atk_home_options_set_base_dir(struct atk_home_options *options,
                                         const char *base_dir,
                                         struct atk_error **error);

/**
 * What a leading `~` of a path stands for; the directory of the user if it is not given.
 */
atk_status atk_home_options_set_user_home(struct atk_home_options *options,
                                          const char *user_home,
                                          struct atk_error **error);

/**
 * The git program, by an absolute path; the one on `PATH` if it is not given.
 */
atk_status atk_home_options_set_git(struct atk_home_options *options,
                                    const char *git,
                                    struct atk_error **error);

/**
 * The `atk` command that agents start, by an absolute path; the one on `PATH` if it is not given.
 */
atk_status atk_home_options_set_atk(struct atk_home_options *options,
                                    const char *atk,
                                    struct atk_error **error);

/**
 * False: fail with `home_locked` if another process holds the home's lock, instead of waiting.
 */
atk_status atk_home_options_set_wait(struct atk_home_options *options,
                                     bool wait,
                                     struct atk_error **error);

/**
 * Seconds without a byte after which a transfer ends; 30 if it is not given.
 */
atk_status atk_home_options_set_network_timeout(struct atk_home_options *options,
                                                double network_timeout,
                                                struct atk_error **error);

/**
 * The lowest average rate of a transfer, in bytes a second; 1000 if it is not given, 0 for any.
 */
atk_status atk_home_options_set_network_rate(struct atk_home_options *options,
                                             uint64_t network_rate,
                                             struct atk_error **error);

/**
 * Seconds that the `status` command of a plugin may take; 10 if it is not given.
 */
atk_status atk_home_options_set_status_timeout(struct atk_home_options *options,
                                               double status_timeout,
                                               struct atk_error **error);

/**
 * How many files and links a plugin may have; 10,000 if it is not given.
 */
atk_status atk_home_options_set_max_files(struct atk_home_options *options,
                                          size_t max_files,
                                          struct atk_error **error);

/**
 * How many bytes a file of a plugin may have; 64 MiB if it is not given.
 */
atk_status atk_home_options_set_max_file_bytes(struct atk_home_options *options,
                                               uint64_t max_file_bytes,
                                               struct atk_error **error);

/**
 * How many bytes all files of a plugin may have; 256 MiB if it is not given.
 */
atk_status atk_home_options_set_max_plugin_bytes(struct atk_home_options *options,
                                                 uint64_t max_plugin_bytes,
                                                 struct atk_error **error);

/**
 * How many bytes a transfer from a git server may have, as they come and as they are unpacked; 512
 * MiB if it is not given.
 */
atk_status atk_home_options_set_max_transfer_bytes(struct atk_home_options *options,
                                                   uint64_t max_transfer_bytes,
                                                   struct atk_error **error);

/**
 * How many bytes the object cache may have; 1 GiB if it is not given. Above it, the repositories
 * that were unused for the longest time are deleted.
 */
atk_status atk_home_options_set_cache_limit(struct atk_home_options *options,
                                            uint64_t cache_limit,
                                            struct atk_error **error);

/**
 * Creates the home: layout, repository, first commit. An existing home is not changed.
 *
 * With `url`, the home is cloned from its repository instead. Nothing of it runs: see `install`
 * and `bootstrap`.
 *
 * Options: `adopt`, `url`.
 *
 * Errors: `ATK_HOME_OCCUPIED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`,
 * `ATK_SOURCE_INVALID`, `ATK_SOURCE_NOT_FOUND`, `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_init(const struct atk_home *home,
                         const struct atk_options *options,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Brings a home to this machine: clones it from `url` unless it is there, asks for the required
 * variables that have no value, and installs all plugins. It can be repeated: what is done already
 * is not done again, but for the `install` commands. A plugin without a `.env` gets one with the
 * defaults of its other variables, as when it was added.
 *
 * A plugin that fails stops no other; each failure is in the report. Before anything of the home
 * runs, ATK asks once on each machine whether it is trusted (`trust:home`), as for `install`;
 * without an answer it is trusted.
 *
 * `url` may be NULL. Options: answers.
 *
 * Errors: `ATK_HOME_OCCUPIED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`,
 * `ATK_SOURCE_INVALID`, `ATK_SOURCE_NOT_FOUND`, `ATK_TRUST_REQUIRED`, `ATK_HOME_LOCKED`,
 * `ATK_HOME_NESTED`.
 */
atk_status atk_home_bootstrap(const struct atk_home *home,
                              const char *url,
                              const struct atk_options *options,
                              const struct atk_host *host,
                              const struct atk_cancel *cancel,
                              struct atk_result **result,
                              struct atk_error **error);

/**
 * Returns what a source means, and connects to no server. In this order, it is: a path, if it
 * begins with `./`, `../`, `/` or `~/`; a path that exists; a git URL, whose host has a `.` or is
 * behind a scheme or a user; a plugin of a registry with a name (`team/openmemory`); a plugin by
 * its name alone.
 *
 * `team/openmemory` is never the repository of that name on GitHub, which is
 * `github.com/team/openmemory`. If a directory `team/openmemory` exists and the home has a
 * registry `team`, it is the error `source_ambiguous`; `./team/openmemory` is the directory.
 * `default/openmemory` is the plugin of the default registry.
 *
 * Errors: `ATK_SOURCE_INVALID`, `ATK_SOURCE_AMBIGUOUS`, `ATK_HOME_INVALID`,
 * `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_resolve(const struct atk_home *home,
                            const char *source,
                            const struct atk_host *host,
                            const struct atk_cancel *cancel,
                            struct atk_result **result,
                            struct atk_error **error);

/**
 * Copies a source's plugin files into a directory, which must not exist or be empty, and checks
 * them. Touches no home.
 *
 * `dest` is an absolute path. Options: `at`.
 *
 * Errors: `ATK_SOURCE_INVALID`, `ATK_SOURCE_NOT_FOUND`, `ATK_SOURCE_AMBIGUOUS`,
 * `ATK_REGISTRY_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`, `ATK_PIN_NOT_FOUND`, `ATK_DEFINITION_INVALID`,
 * `ATK_CONTENT_REFUSED`, `ATK_REGISTRY_INVALID`, `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_fetch(const struct atk_home *home,
                          const char *source,
                          const char *dest,
                          const struct atk_options *options,
                          const struct atk_host *host,
                          const struct atk_cancel *cancel,
                          struct atk_result **result,
                          struct atk_error **error);

/**
 * Adds a plugin: fetches and checks it, asks for trust and for the variables that it needs, puts
 * its files in place, runs its `install` command and commits. If anything fails, the home is as it
 * was before.
 *
 * The name of a plugin without that of a registry is looked for in all registries. If more than
 * one has it, that is the error `source_ambiguous`, as whoever can add to one could take the names
 * of another; if one cannot be reached, its failure is the error, as it might have the plugin. A
 * plugin of a registry with a name (`team/openmemory`) is recorded as a git plugin, at the
 * directory of the registry's repository. Upgrades follow the registry's index if it lists the
 * plugin in another directory; a plugin that the index no longer lists is upgraded as long as its
 * directory exists.
 *
 * Options: `at`, answers.
 *
 * Errors: `ATK_SOURCE_INVALID`, `ATK_SOURCE_NOT_FOUND`, `ATK_SOURCE_AMBIGUOUS`,
 * `ATK_REGISTRY_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`, `ATK_PIN_NOT_FOUND`, `ATK_DEFINITION_INVALID`,
 * `ATK_CONTENT_REFUSED`, `ATK_REGISTRY_INVALID`, `ATK_PLUGIN_EXISTS`, `ATK_DIRECTORY_OCCUPIED`,
 * `ATK_TRUST_REQUIRED`, `ATK_DECLINED`, `ATK_INTERACTION_REQUIRED`, `ATK_VARIABLES_UNSET`,
 * `ATK_LIFECYCLE_FAILED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`,
 * `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_add(const struct atk_home *home,
                        const char *source,
                        const struct atk_options *options,
                        const struct atk_host *host,
                        const struct atk_cancel *cancel,
                        struct atk_result **result,
                        struct atk_error **error);

/**
 * Asks for the variables of a plugin, or of all, each with its current value or default, and
 * writes the answers to `.env`. Missing files of a plugin, as in a fresh clone of a home, are
 * fetched at its pin first.
 *
 * If one plugin is named, its failure is the error of the call. For all plugins, each failure is
 * in the report and stops no other plugin. The same holds for every operation on one or all
 * plugins.
 *
 * NULL for `plugin` is all plugins. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_VARIABLES_UNSET`, `ATK_PIN_NOT_FOUND`,
 * `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`,
 * `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`.
 */
atk_status atk_home_setup(const struct atk_home *home,
                          const char *plugin,
                          const struct atk_options *options,
                          const struct atk_host *host,
                          const struct atk_cancel *cancel,
                          struct atk_result **result,
                          struct atk_error **error);

/**
 * Restores the files of a plugin, or of all, to its pinned commit, and runs its `install` command.
 * Neither the manifest nor the home's history changes. With all plugins, this makes a clone of a
 * home work on a new machine.
 *
 * The pin in the manifest records that the plugin was trusted when it was added or upgraded, so
 * ATK does not ask about single plugins. Whether the manifest itself is trusted is asked once on
 * each machine (`trust:home`); without an answer it is trusted.
 *
 * NULL for `plugin` is all plugins. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_VARIABLES_UNSET`, `ATK_PIN_NOT_FOUND`,
 * `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`, `ATK_TRUST_REQUIRED`, `ATK_LIFECYCLE_FAILED`,
 * `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`.
 */
atk_status atk_home_install(const struct atk_home *home,
                            const char *plugin,
                            const struct atk_options *options,
                            const struct atk_host *host,
                            const struct atk_cancel *cancel,
                            struct atk_result **result,
                            struct atk_error **error);

/**
 * Returns what an upgrade of a plugin, or of all, would change: files, commands, ports and
 * variables. It connects to the sources; nothing in the home changes.
 *
 * NULL for `plugin` is all plugins. Options: `to`.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_LOCAL_NOT_UPGRADABLE`, `ATK_HELD`,
 * `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`, `ATK_PIN_NOT_FOUND`, `ATK_REF_NOT_FOUND`,
 * `ATK_REF_AMBIGUOUS`, `ATK_REF_MOVED`, `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`,
 * `ATK_REGISTRY_INVALID`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_plan_upgrade(const struct atk_home *home,
                                 const char *plugin,
                                 const struct atk_options *options,
                                 const struct atk_host *host,
                                 const struct atk_cancel *cancel,
                                 struct atk_result **result,
                                 struct atk_error **error);

/**
 * Upgrades a plugin, or all, to the newest commits of their sources: replaces the files that
 * changed, keeps the user's, runs `install` and commits. Each plugin is a change of its own; if it
 * fails, the plugin is as it was before.
 *
 * ATK replaces and deletes only files that it wrote. If the user edited such a file, its bytes are
 * kept in the directory that the outcome names. If commands changed, the host is asked for trust,
 * as when the plugin was added.
 *
 * With `plan`, an upgrade makes exactly the changes of a plan that was shown. A plugin whose
 * source has moved on since fails with `plan_outdated`, and nothing of it is changed.
 *
 * NULL for `plugin` is all plugins. Options: `to`, `plan`, answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_LOCAL_NOT_UPGRADABLE`, `ATK_HELD`,
 * `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`, `ATK_PIN_NOT_FOUND`, `ATK_REF_NOT_FOUND`,
 * `ATK_REF_AMBIGUOUS`, `ATK_REF_MOVED`, `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`,
 * `ATK_REGISTRY_INVALID`, `ATK_PLAN_OUTDATED`, `ATK_TRUST_REQUIRED`, `ATK_DECLINED`,
 * `ATK_INTERACTION_REQUIRED`, `ATK_VARIABLES_UNSET`, `ATK_LIFECYCLE_FAILED`,
 * `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`,
 * `ATK_HOME_IN_PROGRESS`, `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_upgrade(const struct atk_home *home,
                            const char *plugin,
                            const struct atk_options *options,
                            const struct atk_host *host,
                            const struct atk_cancel *cancel,
                            struct atk_result **result,
                            struct atk_error **error);

/**
 * Returns how a plugin, or all, stands to the newest commit of what it follows. The sources are
 * asked, each once and all at once; no files are fetched, nothing in the home changes, and no lock
 * is taken. What cannot be found out is the state `unknown` of that plugin, and no error.
 *
 * The plugin's own files are compared: a commit that changes others is `current`.
 *
 * NULL for `plugin` is all plugins.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_outdated(const struct atk_home *home,
                             const char *plugin,
                             const struct atk_host *host,
                             const struct atk_cancel *cancel,
                             struct atk_result **result,
                             struct atk_error **error);

/**
 * Compares the files of a plugin, or of all, with those of its pinned commit, and the home with
 * its last commit. Nothing in the home changes, and no lock is taken. What is found is in the
 * outcome, and no error.
 *
 * For each file that the plugin shipped, content, type and executable bit are compared; the files
 * of a local plugin must be committed. For all plugins, the manifest, `atk.yaml` and `.gitignore`
 * must be committed too, git must track no file that may hold secrets, and no operation may be
 * interrupted. Nothing has to be committed if `auto_commit` is off.
 *
 * A plugin whose files another tool installed is compared with the download cache, or with its
 * source if the option `online` is set; otherwise its state is `unknown`.
 *
 * NULL for `plugin` is all plugins. Options: `online`, `extra`, `check`.
 *
 * Errors: `ATK_VERIFICATION_FAILED`, `ATK_PLUGIN_NOT_INSTALLED`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_verify(const struct atk_home *home,
                           const char *plugin,
                           const struct atk_options *options,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Restores what `verify` finds: the files of the pinned commits, with stamps and receipts, and
 * deleted files of local plugins; commits files that are not committed; stops tracking files that
 * may hold secrets, which stay on disk. It asks first, and asks the sources for files that differ.
 *
 * `custom/` and `.env` stay as they are, other versions of files go to the backups, and no command
 * of a plugin runs. Each plugin is a change of its own; all that is to be committed is in one
 * commit.
 *
 * NULL for `plugin` is all plugins. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`,
 * `ATK_PIN_NOT_FOUND`, `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`, `ATK_REGISTRY_INVALID`,
 * `ATK_DECLINED`, `ATK_INTERACTION_REQUIRED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`,
 * `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_repair(const struct atk_home *home,
                           const char *plugin,
                           const struct atk_options *options,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Runs checks that explain what users puzzle over: of programs, of the home and its repository, of
 * secrets, of plugins, and of what is plugged into agents. Each has an id, a state, what was
 * found, and what fixes it. Nothing changes and nothing connects to a server, unless `fix` is
 * given; a directory that is not a home is a result too.
 *
 * With `fix` it completes or undoes an interrupted operation, puts the patterns of secrets in
 * `.gitignore` last, takes tracked secrets out of git, which stay on disk, and lets the owner
 * alone read `.env` files. An event announces each before it happens.
 *
 * Options: `fix`.
 *
 * Errors: `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`,
 * `ATK_HOME_IN_PROGRESS`, `ATK_GIT_FAILED`.
 */
atk_status atk_home_doctor(const struct atk_home *home,
                           const struct atk_options *options,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Returns the commits of the home that changed plugins, the newest first: all, or those of one
 * plugin, by its directory or display name, which may be removed by now. What a commit changed is
 * found by comparing the manifest and `atk.yaml` before and after it, so it does not matter which
 * tool made it.
 *
 * NULL for `plugin` is all plugins. Options: `limit`.
 *
 * Errors: `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_GIT_FAILED`.
 */
atk_status atk_home_history(const struct atk_home *home,
                            const char *plugin,
                            const struct atk_options *options,
                            const struct atk_host *host,
                            const struct atk_cancel *cancel,
                            struct atk_result **result,
                            struct atk_error **error);

/**
 * Returns what `undo` would do. It connects to the sources whose files are needed; nothing in the
 * home changes.
 *
 * `commit` may be NULL. Options: `with_later`.
 *
 * Errors: `ATK_REF_NOT_FOUND`, `ATK_REF_AMBIGUOUS`, `ATK_LATER_CHANGES`, `ATK_INVALID_ARGUMENT`,
 * `ATK_PLUGIN_EXISTS`, `ATK_DIRECTORY_OCCUPIED`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`,
 * `ATK_PIN_NOT_FOUND`, `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`, `ATK_REGISTRY_INVALID`,
 * `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_GIT_FAILED`.
 */
atk_status atk_home_plan_undo(const struct atk_home *home,
                              const char *commit,
                              const struct atk_options *options,
                              const struct atk_host *host,
                              const struct atk_cancel *cancel,
                              struct atk_result **result,
                              struct atk_error **error);

/**
 * Undoes what a commit of the home changed of its plugins; without one, what the last did that
 * changed some. `history` lists them. An upgrade is undone by the files of the old pin and
 * `install`; a removal by the plugin's files at its pin, its `custom/` (and, of a local plugin,
 * its files) from the home's history and its `.env` from the trash, which keeps it for 30 days; an
 * addition by a removal, with its question. A commit that `git pull` brought is undone like any
 * other.
 *
 * All files that are needed are fetched first: if a pin can no longer be had, nothing changes.
 * Each plugin is then a change of its own, with trust, variables and commit, so an `undo` can be
 * undone in turn.
 *
 * If a later change of the same plugins stands in the way, the error `later_changes` lists what to
 * undo first; with the option `with_later` they are undone too.
 *
 * `commit` may be NULL. Options: `with_later`, answers.
 *
 * Errors: `ATK_REF_NOT_FOUND`, `ATK_REF_AMBIGUOUS`, `ATK_LATER_CHANGES`, `ATK_INVALID_ARGUMENT`,
 * `ATK_PLUGIN_EXISTS`, `ATK_DIRECTORY_OCCUPIED`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`,
 * `ATK_PIN_NOT_FOUND`, `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`, `ATK_REGISTRY_INVALID`,
 * `ATK_TRUST_REQUIRED`, `ATK_DECLINED`, `ATK_INTERACTION_REQUIRED`, `ATK_VARIABLES_UNSET`,
 * `ATK_LIFECYCLE_FAILED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`,
 * `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`, `ATK_GIT_FAILED`.
 */
atk_status atk_home_undo(const struct atk_home *home,
                         const char *commit,
                         const struct atk_options *options,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Holds a plugin at its commit: `upgrade` leaves it there until it is released by `unhold`, or a
 * version is named with `to`.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_INVALID_ARGUMENT`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_hold(const struct atk_home *home,
                         const char *plugin,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Releases a plugin that is held: `upgrade` brings it to the newest commit of the branch that it
 * follows.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_INVALID_ARGUMENT`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_unhold(const struct atk_home *home,
                           const char *plugin,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Removes a plugin: commits its uncommitted files, runs its `stop` and `uninstall` commands,
 * deletes its directory, removes it from the manifest and commits. Asks first. A directory under
 * `plugins/` that belongs to no plugin is deleted too. If anything fails, everything is still
 * there.
 *
 * Options: `force`, `ignore_failures`, answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_DECLINED`, `ATK_INTERACTION_REQUIRED`,
 * `ATK_LIFECYCLE_FAILED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`,
 * `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_remove(const struct atk_home *home,
                           const char *plugin,
                           const struct atk_options *options,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Does the same as `atk_home_remove()`.
 */
atk_status atk_home_uninstall(const struct atk_home *home,
                              const char *plugin,
                              const struct atk_options *options,
                              const struct atk_host *host,
                              const struct atk_cancel *cancel,
                              struct atk_result **result,
                              struct atk_error **error);

/**
 * Runs the `start` command of a plugin, or of all in the order of the manifest.
 *
 * Before each command, the plugin's required variables must have values and its ports must be
 * free. A plugin that runs already according to its `status` command is skipped, and so is one
 * without a `start` command, with a warning. The home's lock is held until the last command has
 * ended.
 *
 * NULL for `plugin` is all plugins. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_VARIABLES_UNSET`,
 * `ATK_PORT_IN_USE`, `ATK_LIFECYCLE_FAILED`, `ATK_TRUST_REQUIRED`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`.
 */
atk_status atk_home_start(const struct atk_home *home,
                          const char *plugin,
                          const struct atk_options *options,
                          const struct atk_host *host,
                          const struct atk_cancel *cancel,
                          struct atk_result **result,
                          struct atk_error **error);

/**
 * Runs the `stop` command of a plugin, or of all in the reverse order of the manifest.
 *
 * A plugin without a `stop` command is skipped, with a warning. The home's lock is held until the
 * last command has ended.
 *
 * NULL for `plugin` is all plugins. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_LIFECYCLE_FAILED`,
 * `ATK_TRUST_REQUIRED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`,
 * `ATK_HOME_NESTED`.
 */
atk_status atk_home_stop(const struct atk_home *home,
                         const char *plugin,
                         const struct atk_options *options,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Stops a plugin, or all in the reverse order of the manifest, and starts it again, all in the
 * order of the manifest.
 *
 * A plugin without a `stop` command is only started; one without a `start` command, or whose
 * required variables have no values, is not stopped. If the stopped service still holds a port,
 * ATK waits for it, at most 5 seconds. The home's lock is held until the last command has ended.
 *
 * NULL for `plugin` is all plugins. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_VARIABLES_UNSET`,
 * `ATK_PORT_IN_USE`, `ATK_LIFECYCLE_FAILED`, `ATK_TRUST_REQUIRED`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`.
 */
atk_status atk_home_restart(const struct atk_home *home,
                            const char *plugin,
                            const struct atk_options *options,
                            const struct atk_host *host,
                            const struct atk_cancel *cancel,
                            struct atk_result **result,
                            struct atk_error **error);

/**
 * Returns whether a plugin, or all, runs and what it lacks, and the state of the home's
 * repository. It takes no lock. All `status` commands run at once, each at most for the
 * `status_timeout` of the handle's options.
 *
 * NULL for `plugin` is all plugins. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_status(const struct atk_home *home,
                           const char *plugin,
                           const struct atk_options *options,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Runs the `logs` command of a plugin, without the home's lock: it may follow a log until it is
 * cancelled. What it writes arrives as output events. If the plugin has no such command, that is a
 * warning, and the outcome has no commands.
 *
 * Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_LIFECYCLE_FAILED`,
 * `ATK_TRUST_REQUIRED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_logs(const struct atk_home *home,
                         const char *plugin,
                         const struct atk_options *options,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Runs a script of a plugin, the user's own in `custom/` first. Its exit code is the outcome,
 * whatever it is.
 *
 * A script is an executable file below the plugin's directory; `.sh` may be left out. A text file
 * without a `#!` line is run by `/bin/sh`. It runs without the home's lock, so it may itself
 * change the home.
 *
 * `argv` has `argc` arguments, and may be NULL if that is 0. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_DECLARED`,
 * `ATK_INVALID_ARGUMENT`, `ATK_CONTENT_REFUSED`, `ATK_TRUST_REQUIRED`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`.
 */
atk_status atk_home_run(const struct atk_home *home,
                        const char *plugin,
                        const char *script,
                        const char *const *argv,
                        size_t argc,
                        const struct atk_options *options,
                        const struct atk_host *host,
                        const struct atk_cancel *cancel,
                        struct atk_result **result,
                        struct atk_error **error);

/**
 * Returns the command that starts a plugin's MCP server: program, arguments, environment and
 * directory, with the user's overrides and the values of `.env`. It starts nothing and takes no
 * lock.
 *
 * `args` are added to the arguments that the plugin declares.
 *
 * `argv` has `argc` arguments, and may be NULL if that is 0. Options: answers.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_DECLARED`,
 * `ATK_DEFINITION_INVALID`, `ATK_VARIABLES_UNSET`, `ATK_INVALID_ARGUMENT`, `ATK_TRUST_REQUIRED`,
 * `ATK_HOME_LOCKED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_exec(const struct atk_home *home,
                         const char *plugin,
                         const char *const *argv,
                         size_t argc,
                         const struct atk_options *options,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Runs git in the home, without its lock.
 *
 * `argv` has `argc` arguments, and may be NULL if that is 0.
 *
 * Errors: `ATK_GIT_MISSING`, `ATK_HOME_NOT_INITIALIZED`.
 */
atk_status atk_home_git(const struct atk_home *home,
                        const char *const *argv,
                        size_t argc,
                        const struct atk_host *host,
                        const struct atk_cancel *cancel,
                        struct atk_result **result,
                        struct atk_error **error);

/**
 * Returns the plugins of the manifest, in its order. It runs nothing.
 *
 * Errors: `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_list(const struct atk_home *home,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Returns everything that is known about an installed plugin: its source and pin, its definition,
 * its variables with the origin of their values, its ports, skills and scripts, and the files that
 * the user edited. It runs nothing and connects to no server. The values of secrets are not shown.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_show(const struct atk_home *home,
                         const char *plugin,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Returns the plugins of all registries whose name or description contains a text, in any case;
 * all of them without one. A registry that cannot be reached is a warning, unless none can be.
 *
 * `query` may be NULL.
 *
 * Errors: `ATK_REGISTRY_INVALID`, `ATK_SOURCE_NOT_FOUND`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_search(const struct atk_home *home,
                           const char *query,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Returns the configuration of a plugin's MCP server, with the values of its variables. With
 * `agent`, also its entry for the file of a coding agent, without values, as `plug` writes it.
 *
 * Options: `agent`.
 *
 * Errors: `ATK_INVALID_ARGUMENT`, `ATK_AGENT_UNSUPPORTED`, `ATK_PLUGIN_NOT_INSTALLED`,
 * `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_DECLARED`, `ATK_DEFINITION_INVALID`,
 * `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_mcp(const struct atk_home *home,
                        const char *plugin,
                        const struct atk_options *options,
                        const struct atk_host *host,
                        const struct atk_cancel *cancel,
                        struct atk_result **result,
                        struct atk_error **error);

/**
 * Returns the coding agents that ATK knows, and whether each is installed here. Reads no home and
 * runs nothing of theirs.
 */
atk_status atk_home_agents(const struct atk_home *home,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Returns what `plug` would write, and changes nothing.
 *
 * NULL for `plugin` is all plugins. Options: `agents`, `project`, `values`, `refs`,
 * `adopt_entries`, `overwrite_edited`, `copy_skills`.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_DECLARED`,
 * `ATK_DEFINITION_INVALID`, `ATK_VARIABLES_UNSET`, `ATK_AGENT_ENTRY_FOREIGN`,
 * `ATK_AGENT_FILE_INVALID`, `ATK_AGENT_UNSUPPORTED`, `ATK_INVALID_ARGUMENT`,
 * `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_plan_plug(const struct atk_home *home,
                              const char *plugin,
                              const struct atk_options *options,
                              const struct atk_host *host,
                              const struct atk_cancel *cancel,
                              struct atk_result **result,
                              struct atk_error **error);

/**
 * Writes the MCP server of a plugin, or of all, into the files of coding agents, and places its
 * skill in the directories that they load skills from: of the agents that are named, else of all
 * that are installed.
 *
 * One entry of each file is written; every other byte of it stays. By default the agent starts
 * `atk exec <plugin>`, so that no secret is in the file and an upgrade changes nothing there. An
 * entry of the same name that ATK did not write is an error, an edited one stays as it is. If one
 * agent cannot have the entry, none gets it. `unplug` removes all of it again.
 *
 * A plugin has a skill if its `SKILL.md` follows <https://agentskills.io/specification>. Agents
 * get a link to a copy of what the plugin ships, without its `.env`, `custom/` and git's files.
 *
 * NULL for `plugin` is all plugins. Options: `agents`, `project`, `values`, `refs`,
 * `adopt_entries`, `overwrite_edited`, `copy_skills`.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_DECLARED`,
 * `ATK_DEFINITION_INVALID`, `ATK_VARIABLES_UNSET`, `ATK_AGENT_ENTRY_FOREIGN`,
 * `ATK_AGENT_FILE_INVALID`, `ATK_AGENT_UNSUPPORTED`, `ATK_INVALID_ARGUMENT`, `ATK_HOME_LOCKED`,
 * `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_plug(const struct atk_home *home,
                         const char *plugin,
                         const struct atk_options *options,
                         const struct atk_host *host,
                         const struct atk_cancel *cancel,
                         struct atk_result **result,
                         struct atk_error **error);

/**
 * Removes what `plug` wrote, from all agents or from those that are named: the entries, and then
 * what was created for them. Each file is as it was before. An edited entry stays. The plugin's
 * skill goes too, and the lines that the Python tool wrote of it into `CLAUDE.md` and `AGENTS.md`.
 *
 * NULL for `plugin` is all plugins. Options: `agents`, `project`, `overwrite_edited`.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_AGENT_FILE_INVALID`, `ATK_INVALID_ARGUMENT`,
 * `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`.
 */
atk_status atk_home_unplug(const struct atk_home *home,
                           const char *plugin,
                           const struct atk_options *options,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Returns the plugs: the entries that ATK wrote into the files of agents, the skills that it
 * placed, and those of other writers that have the name of a plugin.
 *
 * Errors: `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_plugs(const struct atk_home *home,
                          const struct atk_host *host,
                          const struct atk_cancel *cancel,
                          struct atk_result **result,
                          struct atk_error **error);

/**
 * Returns the `README.md` of a plugin.
 *
 * Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_readme(const struct atk_home *home,
                           const char *plugin,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Tells of every change of the home, whoever made it: this library, the Python tool, `git pull`,
 * an editor. Each change is an event `changed`; the event `watching` comes first. It takes no
 * lock, and goes on until it is cancelled.
 *
 * What counts as a change: the manifest, `atk.yaml`, and of each plugin its state, its definition,
 * `custom/overrides.yaml` and `.env`. Values of variables are never in an event.
 *
 * Options: `once`.
 *
 * Errors: `ATK_HOME_NOT_INITIALIZED`.
 */
atk_status atk_home_watch(const struct atk_home *home,
                          const struct atk_options *options,
                          const struct atk_host *host,
                          const struct atk_cancel *cancel,
                          struct atk_result **result,
                          struct atk_error **error);

/**
 * Returns what the object cache holds, and the home's trash: the `.env` files of removed plugins.
 * It needs no home.
 *
 * Errors: `ATK_HOME_INVALID`.
 */
atk_status atk_home_cache(const struct atk_home *home,
                          const struct atk_host *host,
                          const struct atk_cancel *cancel,
                          struct atk_result **result,
                          struct atk_error **error);

/**
 * Empties the object cache, and returns what it and the trash held.
 *
 * Options: `trash`.
 *
 * Errors: `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`.
 */
atk_status atk_home_clear_cache(const struct atk_home *home,
                                const struct atk_options *options,
                                const struct atk_host *host,
                                const struct atk_cancel *cancel,
                                struct atk_result **result,
                                struct atk_error **error);

/**
 * Fetches into the object cache what is missing there of the plugins, each at the commit that the
 * manifest has for it, so that `install` needs no connection. Neither the home nor a plugin
 * changes. A local plugin is skipped: its files are in the home.
 *
 * If no connection is allowed, it says which plugins are not complete in the cache (`offline`).
 *
 * NULL for `plugin` is all plugins.
 *
 * Errors: `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_PLUGIN_NOT_INSTALLED`,
 * `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`, `ATK_PIN_NOT_FOUND`, `ATK_CONTENT_REFUSED`,
 * `ATK_REGISTRY_INVALID`, `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_cache_fetch(const struct atk_home *home,
                                const char *plugin,
                                const struct atk_host *host,
                                const struct atk_cancel *cancel,
                                struct atk_result **result,
                                struct atk_error **error);

/**
 * Writes everything that the object cache holds into a file, which must not exist: a tar archive
 * of git's packs, for `cache_import` on a machine without a network. It needs no home.
 *
 * The file has what private repositories hold, if the cache does; its mode is 0600. To have in it
 * what one home needs and nothing else, fetch into a new cache before: `cache_fetch`, with
 * `cache_dir` at an empty directory.
 *
 * Errors: `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_cache_export(const struct atk_home *home,
                                 const char *file,
                                 const struct atk_host *host,
                                 const struct atk_cancel *cancel,
                                 struct atk_result **result,
                                 struct atk_error **error);

/**
 * Adds what a file of `cache_export` has to the object cache. It needs no home and no connection.
 *
 * Nothing of the file is believed: packs are checked and bounded as if a server had sent them, and
 * each object is compared with its id when it is used. If the file is cut off or damaged, what
 * came before is kept. `search` without a connection finds what the file has, if that is newer
 * than what the cache had.
 *
 * Errors: `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_cache_import(const struct atk_home *home,
                                 const char *file,
                                 const struct atk_host *host,
                                 const struct atk_cancel *cancel,
                                 struct atk_result **result,
                                 struct atk_error **error);

/**
 * Names a registry in the home's `atk.yaml`, and commits. Its plugins are then found by `search`,
 * and added as `<registry>/<plugin>`, or by their names if no other registry has a plugin of the
 * name. No server is asked.
 *
 * Mirrors have the same repository. They are tried in order if the server of the registry does not
 * answer: its name is not found, the connection is refused or breaks, it is too slow, or it
 * reports an internal error. A server that refuses (401, 403, 404, 429, a certificate that is not
 * trusted) has answered. A mirror that refuses, or has not what is wanted, is passed over. A
 * warning names the mirror that was used, and the manifest keeps the URL of the registry. Objects
 * are checked by their ids; which commit is the newest is asked of mirrors only for what is not
 * installed yet, so that no mirror can move a plugin to another commit.
 *
 * The name has lower-case letters, digits and single hyphens; `default` is the name of the default
 * registry. The URL is that of a git repository, or the absolute path of one.
 *
 * Options: `mirrors`.
 *
 * Errors: `ATK_INVALID_ARGUMENT`, `ATK_SOURCE_INVALID`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_registry_add(const struct atk_home *home,
                                 const char *registry,
                                 const char *url,
                                 const struct atk_options *options,
                                 const struct atk_host *host,
                                 const struct atk_cancel *cancel,
                                 struct atk_result **result,
                                 struct atk_error **error);

/**
 * Removes a registry from the home's `atk.yaml`, and commits. The plugins that came from it stay,
 * and are upgraded from its repository as before; only if the registry moves a plugin to another
 * directory of the repository, an upgrade no longer finds it. They are in the outcome.
 *
 * Errors: `ATK_REGISTRY_NOT_FOUND`, `ATK_INVALID_ARGUMENT`, `ATK_HOME_NOT_INITIALIZED`,
 * `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`, `ATK_HOME_IN_PROGRESS`.
 */
atk_status atk_home_registry_remove(const struct atk_home *home,
                                    const char *registry,
                                    const struct atk_host *host,
                                    const struct atk_cancel *cancel,
                                    struct atk_result **result,
                                    struct atk_error **error);

/**
 * Returns the registries, the default one first, then those of the home's `atk.yaml` and of the
 * options of the handle, by their names. Without a home, there are only those of the options. No
 * server is asked.
 *
 * Errors: `ATK_INVALID_ARGUMENT`, `ATK_HOME_INVALID`.
 */
atk_status atk_home_registry_list(const struct atk_home *home,
                                  const struct atk_host *host,
                                  const struct atk_cancel *cancel,
                                  struct atk_result **result,
                                  struct atk_error **error);

/**
 * Writes a new plugin: `plugin.yaml`, `README.md`, and a small service, MCP server and skill as
 * the options say. It is valid and works at once, for its author to change.
 *
 * The directory must be empty or not exist; it is relative to the base directory. Without one, it
 * is named after the plugin, and without `display_name` the plugin is named after `server` or the
 * directory. Nothing is written but the whole: a directory that did not exist is there with all
 * files or not at all.
 *
 * With `server` the plugin starts a published MCP server. The server gives the plugin its name,
 * description, vendor and variables, unless options do. If a plugin cannot have what the server
 * needs, the error names it and nothing is written; `warnings` names what was left out.
 *
 * With `in_home` the plugin is created in the home and added, as a local plugin. Its directory
 * follows from its name.
 *
 * `directory` may be NULL. Options: `display_name`, `description`, `service`, `mcp`, `server`,
 * `skill`, `in_home`, answers.
 *
 * Errors: `ATK_INVALID_ARGUMENT`, `ATK_PLUGIN_EXISTS`, `ATK_DIRECTORY_OCCUPIED`, `ATK_DECLINED`,
 * `ATK_INTERACTION_REQUIRED`, `ATK_VARIABLES_UNSET`, `ATK_LIFECYCLE_FAILED`,
 * `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`, `ATK_HOME_LOCKED`, `ATK_HOME_NESTED`,
 * `ATK_HOME_IN_PROGRESS`, `ATK_GIT_FAILED`, `ATK_CONTENT_REFUSED`.
 */
atk_status atk_home_create(const struct atk_home *home,
                           const char *directory,
                           const struct atk_options *options,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Checks a plugin by all rules at once: what an install would refuse or skip, and what would not
 * work or is probably a mistake. Each finding has its place, its rule, and how to correct it.
 * Changes nothing and runs nothing.
 *
 * Without a source, it is the plugin that the base directory belongs to: the nearest directory
 * upwards with a `plugin.yaml` or an `.atk`, in the same repository. Of a directory in a git
 * repository, files that git ignores do not count. A `.yaml` file is checked by itself. The call
 * does not fail because of findings: see `valid`.
 *
 * `source` may be NULL. Options: `strict`.
 *
 * Errors: `ATK_SOURCE_INVALID`, `ATK_SOURCE_NOT_FOUND`, `ATK_SOURCE_AMBIGUOUS`,
 * `ATK_REGISTRY_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`, `ATK_PIN_NOT_FOUND`, `ATK_CONTENT_REFUSED`,
 * `ATK_REGISTRY_INVALID`, `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_validate(const struct atk_home *home,
                             const char *source,
                             const struct atk_options *options,
                             const struct atk_host *host,
                             const struct atk_cancel *cancel,
                             struct atk_result **result,
                             struct atk_error **error);

/**
 * Returns the JSON Schemas (draft 2020-12) of the files that people write, for editors and other
 * tools: `plugin`, `overrides`, `index`, `manifest` and `atk`. With a name, only that one.
 *
 * `name` may be NULL.
 *
 * Errors: `ATK_INVALID_ARGUMENT`.
 */
atk_status atk_home_schema(const struct atk_home *home,
                           const char *name,
                           const struct atk_host *host,
                           const struct atk_cancel *cancel,
                           struct atk_result **result,
                           struct atk_error **error);

/**
 * Writes a new registry: an empty index, a `README.md`, and a workflow that checks changes and
 * keeps the index right. The directory must be empty or not exist; it becomes a git repository,
 * unless it is in one already. Nothing is committed.
 *
 * Errors: `ATK_INVALID_ARGUMENT`, `ATK_GIT_FAILED`.
 */
atk_status atk_home_registry_init(const struct atk_home *home,
                                  const char *directory,
                                  const struct atk_host *host,
                                  const struct atk_cancel *cancel,
                                  struct atk_result **result,
                                  struct atk_error **error);

/**
 * Checks all plugins of a registry, and writes its `index.yaml` from them: name, path and
 * description of each, in the order of the names. Without a directory, it is the base directory.
 * If a plugin is not valid, nothing is written; the call does not fail because of that: see
 * `valid`.
 *
 * `directory` may be NULL. Options: `check_only`.
 *
 * Errors: `ATK_INVALID_ARGUMENT`, `ATK_REGISTRY_INVALID`.
 */
atk_status atk_home_registry_build(const struct atk_home *home,
                                   const char *directory,
                                   const struct atk_options *options,
                                   const struct atk_host *host,
                                   const struct atk_cancel *cancel,
                                   struct atk_result **result,
                                   struct atk_error **error);

/**
 * Compares the plugins in the directory of a registry with those of a commit of its repository:
 * which are new, changed or gone, with their files, their commands, and what can run.
 *
 * `directory` may be NULL. Options: `base`.
 *
 * Errors: `ATK_INVALID_ARGUMENT`, `ATK_REGISTRY_INVALID`, `ATK_REF_NOT_FOUND`,
 * `ATK_REF_AMBIGUOUS`, `ATK_GIT_FAILED`.
 */
atk_status atk_home_registry_diff(const struct atk_home *home,
                                  const char *directory,
                                  const struct atk_options *options,
                                  const struct atk_host *host,
                                  const struct atk_cancel *cancel,
                                  struct atk_result **result,
                                  struct atk_error **error);

/**
 * Makes options with everything at its default. Never NULL.
 */
struct atk_options *atk_options_new(void);

/**
 * Frees options. NULL is allowed.
 */
void atk_options_free(struct atk_options *options);

/**
 * Sets variables from a file in the format of `.env`. They replace those of the same names.
 */
atk_status atk_options_add_env_file(struct atk_options *options,
                                    const char *file,
                                    struct atk_error **error);

/**
 * Turns a directory that has a `manifest.yaml`, but is not a git repository, into a home: its
 * files stay and are committed. Without this option, such a directory is an error.
 */
atk_status atk_options_set_adopt(struct atk_options *options, bool adopt, struct atk_error **error);

/**
 * The URL, or the path, of a git repository: that of a home, or of the registry that is named.
 * NULL takes it back.
 */
atk_status atk_options_set_url(struct atk_options *options,
                               const char *url,
                               struct atk_error **error);

/**
 * Answers by prompt id (`trust:github`); `yes` or `no` for a yes/no question. Each call sets one.
 */
atk_status atk_options_set_answer(struct atk_options *options,
                                  const char *name,
                                  const char *value,
                                  struct atk_error **error);

/**
 * Values of variables by name. Each call sets one.
 */
atk_status atk_options_set_env(struct atk_options *options,
                               const char *name,
                               const char *value,
                               struct atk_error **error);

/**
 * URL prefixes of the sources that are trusted (`github.com/my-org/`); `*` for all. Each call adds
 * one. NULL adds none: without another call the list is empty.
 */
atk_status atk_options_add_trust(struct atk_options *options,
                                 const char *value,
                                 struct atk_error **error);

/**
 * Answers yes to every yes/no question.
 */
atk_status atk_options_set_yes(struct atk_options *options, bool yes, struct atk_error **error);

/**
 * Which version of the source: a branch, a tag, or a commit by its full id; the newest commit if
 * it is not given. Local sources have no versions. NULL takes it back.
 */
atk_status atk_options_set_at(struct atk_options *options,
                              const char *at,
                              struct atk_error **error);

/**
 * The version to upgrade one plugin to, instead of the newest: a branch or a tag, which it follows
 * from then on, or a commit by its full id. It may be an older one. NULL takes it back.
 */
atk_status atk_options_set_to(struct atk_options *options,
                              const char *to,
                              struct atk_error **error);

/**
 * The digests of the plans that may be carried out, as `plan_upgrade` returned them. An empty list
 * allows none. Without a list the upgrade makes whatever changes its source has by then. Each call
 * adds one. NULL adds none: without another call the list is empty.
 */
atk_status atk_options_add_plan(struct atk_options *options,
                                const char *value,
                                struct atk_error **error);

/**
 * Asks the sources for what neither a receipt nor the download cache has.
 */
atk_status atk_options_set_online(struct atk_options *options,
                                  bool online,
                                  struct atk_error **error);

/**
 * Also lists files that the plugin did not ship, in directories that it ships.
 */
atk_status atk_options_set_extra(struct atk_options *options, bool extra, struct atk_error **error);

/**
 * Fails with `verification_failed` if something is not as it should be or is not known, rather
 * than return what was found.
 */
atk_status atk_options_set_check(struct atk_options *options, bool check, struct atk_error **error);

/**
 * Fixes what is safe to fix without asking.
 */
atk_status atk_options_set_fix(struct atk_options *options, bool fix, struct atk_error **error);

/**
 * Returns only that many, the newest.
 */
atk_status atk_options_set_limit(struct atk_options *options,
                                 uint64_t limit,
                                 struct atk_error **error);

/**
 * Also undoes the later changes of the same plugins.
 */
atk_status atk_options_set_with_later(struct atk_options *options,
                                      bool with_later,
                                      struct atk_error **error);

/**
 * Removes without asking.
 */
atk_status atk_options_set_force(struct atk_options *options, bool force, struct atk_error **error);

/**
 * Continues if the plugin's `uninstall` command fails, or if uncommitted files of the plugin can
 * be neither committed nor backed up.
 */
atk_status atk_options_set_ignore_failures(struct atk_options *options,
                                           bool ignore_failures,
                                           struct atk_error **error);

/**
 * The id of the coding agent whose entry is wanted. NULL takes it back.
 */
atk_status atk_options_set_agent(struct atk_options *options,
                                 const char *agent,
                                 struct atk_error **error);

/**
 * The ids of the coding agents; all that are installed if there are none. Each call adds one. NULL
 * adds none: without another call the list is empty.
 */
atk_status atk_options_add_agents(struct atk_options *options,
                                  const char *value,
                                  struct atk_error **error);

/**
 * The directory of a project, whose files are meant instead of those of the user. NULL takes it
 * back.
 */
atk_status atk_options_set_project(struct atk_options *options,
                                   const char *project,
                                   struct atk_error **error);

/**
 * Writes the values of variables into the files, secrets included.
 */
atk_status atk_options_set_values(struct atk_options *options,
                                  bool values,
                                  struct atk_error **error);

/**
 * Writes the plugin's own command, with references to variables of the agent's environment. An
 * agent without references starts `atk exec`.
 */
atk_status atk_options_set_refs(struct atk_options *options, bool refs, struct atk_error **error);

/**
 * Takes over entries and skills of the same name that ATK did not write. A copy of each is kept.
 */
atk_status atk_options_set_adopt_entries(struct atk_options *options,
                                         bool adopt_entries,
                                         struct atk_error **error);

/**
 * Replaces or removes entries and skills that were edited after ATK wrote them. A copy of each is
 * kept.
 */
atk_status atk_options_set_overwrite_edited(struct atk_options *options,
                                            bool overwrite_edited,
                                            struct atk_error **error);

/**
 * Places copies of skills instead of links.
 */
atk_status atk_options_set_copy_skills(struct atk_options *options,
                                       bool copy_skills,
                                       struct atk_error **error);

/**
 * Ends at the first change.
 */
atk_status atk_options_set_once(struct atk_options *options, bool once, struct atk_error **error);

/**
 * Also empties the home's trash: removals that are undone afterwards bring no `.env` back.
 */
atk_status atk_options_set_trash(struct atk_options *options, bool trash, struct atk_error **error);

/**
 * URLs of copies of the registry's repository. They are tried in order if the one before cannot be
 * reached. Each call adds one. NULL adds none: without another call the list is empty.
 */
atk_status atk_options_add_mirrors(struct atk_options *options,
                                   const char *value,
                                   struct atk_error **error);

/**
 * The display name of the plugin. NULL takes it back.
 */
atk_status atk_options_set_display_name(struct atk_options *options,
                                        const char *display_name,
                                        struct atk_error **error);

/**
 * What the plugin does, in one line. NULL takes it back.
 */
atk_status atk_options_set_description(struct atk_options *options,
                                       const char *description,
                                       struct atk_error **error);

/**
 * What runs its service: `docker-compose`, `docker`, `systemd` or `script`. Without it, there is
 * no service. NULL takes it back.
 */
atk_status atk_options_set_service(struct atk_options *options,
                                   const char *service,
                                   struct atk_error **error);

/**
 * How clients connect to its MCP server: `stdio`, `http` or `sse`. Without it, there is no server.
 * A server by URL is the service, if there is one. NULL takes it back.
 */
atk_status atk_options_set_mcp(struct atk_options *options,
                               const char *mcp,
                               struct atk_error **error);

/**
 * A published MCP server, which the plugin starts or refers to: `npx:<package>[@version]`,
 * `uvx:<package>[==version]`, `docker:<image>`, or the path of a `server.json` or of a bundle
 * (`.mcpb`), relative to the base directory. The files of a bundle become those of the plugin.
 * Nothing is downloaded or run. With `mcp`, it is one with that transport. NULL takes it back.
 */
atk_status atk_options_set_server(struct atk_options *options,
                                  const char *server,
                                  struct atk_error **error);

/**
 * Adds an agent skill.
 */
atk_status atk_options_set_skill(struct atk_options *options, bool skill, struct atk_error **error);

/**
 * Creates the plugin in the home, and adds it.
 */
atk_status atk_options_set_in_home(struct atk_options *options,
                                   bool in_home,
                                   struct atk_error **error);

/**
 * Counts warnings too: a plugin with one is not valid.
 */
atk_status atk_options_set_strict(struct atk_options *options,
                                  bool strict,
                                  struct atk_error **error);

/**
 * Writes nothing, and counts an index that would be written as a mistake.
 */
atk_status atk_options_set_check_only(struct atk_options *options,
                                      bool check_only,
                                      struct atk_error **error);

/**
 * The commit to compare with: a branch, a tag or an id. Without it, it is HEAD. NULL takes it
 * back.
 */
atk_status atk_options_set_base(struct atk_options *options,
                                const char *base,
                                struct atk_error **error);

/**
 * Its stable id (`env:github:TOKEN`, `trust:github`). Borrowed from the prompt; NULL for NULL.
 */
const char *atk_prompt_id(const struct atk_prompt *prompt);

/**
 * The plugin's directory. Borrowed from the prompt; NULL for NULL.
 */
const char *atk_prompt_plugin(const struct atk_prompt *prompt);

/**
 * The question. Borrowed from the prompt; NULL for NULL.
 */
const char *atk_prompt_message(const struct atk_prompt *prompt);

/**
 * What kind of answer it wants: `ATK_PROMPT_CONFIRM` and so on. 0 for NULL.
 */
uint32_t atk_prompt_kind(const struct atk_prompt *prompt);

/**
 * What an empty answer means, secrets masked; NULL where it means nothing. Borrowed from the
 * prompt.
 */
const char *atk_prompt_default(const struct atk_prompt *prompt);

/**
 * True if the operation cannot go on without an answer.
 */
bool atk_prompt_required(const struct atk_prompt *prompt);

/**
 * A line of what the answer is about: a description, a command that will run. NULL past the last
 * one. Borrowed from the prompt.
 */
const char *atk_prompt_detail(const struct atk_prompt *prompt, size_t index);

/**
 * Everything that is known of the question as JSON. Borrowed from the prompt; NULL for NULL.
 */
const char *atk_prompt_json(const struct atk_prompt *prompt);

/**
 * True once the operation was cancelled: a program that waits for a person stops waiting.
 */
bool atk_prompt_is_cancelled(const struct atk_prompt *prompt);

/**
 * Answers with a text, which is copied. `ATK_INVALID_ARGUMENT` for NULL and for what is not UTF-8.
 */
atk_status atk_prompt_answer_text(struct atk_prompt *prompt,
                                  const char *answer,
                                  struct atk_error **error);

/**
 * Answers yes or no.
 */
atk_status atk_prompt_answer_yes(struct atk_prompt *prompt, bool yes, struct atk_error **error);

/**
 * Takes the default, or leaves the variable unset.
 */
atk_status atk_prompt_answer_default(struct atk_prompt *prompt, struct atk_error **error);

/**
 * The whole outcome as JSON: a document of the type that the reference names for the operation; of
 * `list` and `search` an array. Borrowed from the result; NULL for NULL.
 */
const char *atk_result_json(const struct atk_result *result);

/**
 * The whole outcome as a tree: the same document. Borrowed from the result; NULL for NULL.
 */
const struct atk_value *atk_result_value(const struct atk_result *result);

/**
 * How many plugins the outcome is about: of a report or a list its lines, else 1. 0 for NULL.
 */
size_t atk_result_count(const struct atk_result *result);

/**
 * The status that a command line would exit with: of `run` and `git` that of the program, else 1
 * where something in a report failed, else 0.
 */
int32_t atk_result_exit_code(const struct atk_result *result);

/**
 * What became of a plugin: `ATK_ITEM_DONE` and so on. 0 past the last one.
 */
uint32_t atk_result_state(const struct atk_result *result, size_t index);

/**
 * A plugin's directory under `plugins/`; NULL without one. Borrowed from the result.
 */
const char *atk_result_directory(const struct atk_result *result, size_t index);

/**
 * A plugin's display name; NULL without one. Borrowed from the result.
 */
const char *atk_result_name(const struct atk_result *result, size_t index);

/**
 * The commit that a plugin's files are from; NULL without one. Borrowed from the result.
 */
const char *atk_result_pin(const struct atk_result *result, size_t index);

/**
 * The path that the outcome names; NULL where it names none. Borrowed from the result.
 */
const char *atk_result_path(const struct atk_result *result, size_t index);

/**
 * Why the operation failed for a plugin; NULL if it did not. Borrowed from the result: it is
 * not freed by itself.
 */
const struct atk_error *atk_result_error(const struct atk_result *result, size_t index);

/**
 * Frees a result. NULL is allowed.
 */
void atk_result_free(struct atk_result *result);

/**
 * The type of a value: `ATK_VALUE_TEXT` and so on. 0 for NULL.
 */
uint32_t atk_value_type(const struct atk_value *value);

/**
 * A field of an object, by its name; NULL without one, and for anything but an object.
 */
const struct atk_value *atk_value_get(const struct atk_value *value, const char *name);

/**
 * How many items a list, or fields an object, has. 0 for other values.
 */
size_t atk_value_count(const struct atk_value *value);

/**
 * An item of a list, or a field of an object, by its place from 0; NULL past the last one.
 */
const struct atk_value *atk_value_at(const struct atk_value *value, size_t index);

/**
 * The name of a field of an object, by its place from 0; NULL past the last one, and for a list.
 */
const char *atk_value_name(const struct atk_value *value, size_t index);

/**
 * The text of a value; NULL if it is not a text. UTF-8.
 */
const char *atk_value_text(const struct atk_value *value);

/**
 * The number of a value; 0 if it is not an integer. What is larger than an `int64_t` is the
 * largest one.
 */
int64_t atk_value_integer(const struct atk_value *value);

/**
 * True if the value is true; false for anything else.
 */
bool atk_value_bool(const struct atk_value *value);

/**
 * The version of the library, such as `0.1.0`. Never NULL; lives as long as the process.
 */
const char *atk_version(void);

/**
 * The ABI of the library: `ATK_ABI_VERSION` as it was when the library was built.
 */
uint32_t atk_abi_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ATK_H */
