/* Wrong use: a status, never a crash, a leak or a hang. Arguments: home, a local directory whose
 * plugin needs a variable, another one that needs nothing, how long a huge string is. */
#include <pthread.h>

#include "check.h"

static const char *const not_utf8 = "\xff\xfe";

static int32_t fails(void *userdata, atk_prompt *prompt) {
    (void)userdata;
    (void)prompt;
    return 42;
}

static int32_t stops(void *userdata, const atk_event *event) {
    (void)userdata;
    (void)event;
    return 1;
}

static const char *simple;

/* Calls back into the library on the very home that is busy, and asks again. */
static int32_t reenters(void *userdata, atk_prompt *prompt) {
    const atk_home *home = (const atk_home *)userdata;
    atk_result *result = NULL;
    atk_error *inner = NULL;
    CHECK(atk_home_list(home, NULL, NULL, &result, &inner) == ATK_OK);
    atk_result_free(result);
    result = NULL;
    CHECK(atk_home_mcp(home, "nobody", NULL, NULL, NULL, &result, &inner) == ATK_PLUGIN_NOT_INSTALLED);
    atk_error_free(inner);
    OK(atk_prompt_answer_yes(prompt, true, &error));
    OK(atk_prompt_answer_default(prompt, &error));
    OK(atk_prompt_answer_text(prompt, "again", &error));
    OK(atk_prompt_answer_text(prompt, "value", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_prompt_answer_text(prompt, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_prompt_answer_text(prompt, not_utf8, &error));
    return 0;
}

/* While a command of a plugin runs: what would change the home that is being changed does not wait
 * for itself, and what only looks works. */
static int nested;

static int32_t changes(void *userdata, const atk_event *event) {
    const atk_home *home = (const atk_home *)userdata;
    atk_result *result = NULL;
    if (strcmp(atk_event_kind(event), "output") == 0) {
        FAILS(ATK_HOME_NESTED, atk_home_add(home, simple, NULL, NULL, NULL, &result, &error));
        FAILS(ATK_HOME_NESTED, atk_home_stop(home, NULL, NULL, NULL, NULL, &result, &error));
        FAILS(ATK_HOME_NESTED, atk_home_init(home, NULL, NULL, NULL, &result, &error));
        OK(atk_home_list(home, NULL, NULL, &result, &error));
        atk_result_free(result);
        nested++;
    }
    return 0;
}

static void *lists(void *userdata) {
    const atk_home *home = (const atk_home *)userdata;
    for (int i = 0; i < 50; i++) {
        atk_result *result = NULL;
        CHECK(atk_home_list(home, NULL, NULL, &result, NULL) == ATK_OK);
        atk_result_free(result);
    }
    return NULL;
}

/* What the contract allows to be freed while the call goes on. */
typedef struct early {
    atk_host *host;
    atk_cancel *token;
} early;

static int32_t frees(void *userdata, const atk_event *event) {
    early *all = (early *)userdata;
    CHECK(atk_event_json(event) != NULL);
    if (all->host != NULL) {
        memset(all->host, 0xff, sizeof *all->host);
    }
    free(all->host);
    all->host = NULL;
    atk_cancel_free(all->token);
    all->token = NULL;
    return 0;
}

/* Threads change the home by one handle: one after the other. */
static void *adds(void *userdata) {
    const atk_home *home = (const atk_home *)userdata;
    atk_result *result = NULL;
    atk_error *own = NULL;
    atk_status status = atk_home_add(home, simple, NULL, NULL, NULL, &result, &own);
    /* The other's files may be there before its entry in the manifest. */
    CHECK(status == ATK_OK || status == ATK_PLUGIN_EXISTS || status == ATK_DIRECTORY_OCCUPIED);
    CHECK((status == ATK_OK) == (result != NULL) && (status == ATK_OK) == (own == NULL));
    atk_error_free(own);
    atk_result_free(result);
    return NULL;
}

static void null_everywhere(const atk_home *home) {
    atk_result *result = NULL;
    /* Freeing NULL, and getters of NULL. */
    atk_home_free(NULL);
    atk_home_options_free(NULL);
    atk_options_free(NULL);
    atk_cancel_free(NULL);
    atk_result_free(NULL);
    atk_error_free(NULL);
    atk_cancel_cancel(NULL);
    CHECK(!atk_cancel_is_cancelled(NULL) && atk_home_path(NULL) == NULL);
    CHECK(atk_error_number(NULL) == 0 && atk_error_id(NULL) == NULL && atk_error_message(NULL) == NULL);
    CHECK(atk_error_exit_code(NULL) == 0 && atk_error_json(NULL) == NULL);
    CHECK(atk_error_kind_id(ATK_IO, NULL, 0) == 2);
    CHECK(atk_event_kind(NULL) == NULL && atk_event_plugin(NULL) == NULL && atk_event_text(NULL) == NULL);
    CHECK(atk_event_operation(NULL) == NULL);
    CHECK(atk_event_stream(NULL) == 0 && atk_event_chunk(NULL, NULL) == NULL && atk_event_json(NULL) == NULL);
    CHECK(atk_event_bytes(NULL) == 0 && atk_event_objects(NULL) == 0);
    CHECK(atk_prompt_id(NULL) == NULL && atk_prompt_plugin(NULL) == NULL && atk_prompt_message(NULL) == NULL);
    CHECK(atk_prompt_kind(NULL) == 0 && atk_prompt_default(NULL) == NULL && !atk_prompt_required(NULL));
    CHECK(atk_prompt_detail(NULL, 0) == NULL && atk_prompt_json(NULL) == NULL && !atk_prompt_is_cancelled(NULL));
    FAILS(ATK_INVALID_ARGUMENT, atk_prompt_answer_text(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_prompt_answer_yes(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_prompt_answer_default(NULL, &error));
    CHECK(atk_result_json(NULL) == NULL && atk_result_count(NULL) == 0 && atk_result_exit_code(NULL) == 0);
    CHECK(atk_result_state(NULL, 0) == 0 && atk_result_directory(NULL, 0) == NULL);
    CHECK(atk_result_name(NULL, 0) == NULL && atk_result_pin(NULL, 0) == NULL);
    CHECK(atk_result_path(NULL, 0) == NULL && atk_result_error(NULL, 0) == NULL);

    FAILS(ATK_INVALID_ARGUMENT, atk_home_open("/x", NULL, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_new("/tmp", NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_from_env(NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_registry(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_cache_dir(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_base_dir(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_user_home(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_git(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_atk(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_env(NULL, "x", "y", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_wait(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_offline(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_add_registry(NULL, "x", "y", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_network_timeout(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_max_transfer_bytes(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_network_rate(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_status_timeout(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_max_files(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_max_file_bytes(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_max_plugin_bytes(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_cache_limit(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_answer(NULL, "x", "y", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_env(NULL, "x", "y", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_add_env_file(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_add_trust(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_yes(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_force(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_adopt(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_at(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_to(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_url(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_add_plan(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_once(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_add_agents(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_project(NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_values(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_refs(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_adopt_entries(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_copy_skills(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_overwrite_edited(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_with_later(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_check(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_limit(NULL, 1, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_fix(NULL, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_trash(NULL, true, &error));
    atk_options *options = atk_options_new();
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_to(options, "a..b", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_add_plan(options, not_utf8, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_url(options, not_utf8, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_answer(options, NULL, "y", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_answer(options, "x", NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_env(options, NULL, "y", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_env(options, "x", not_utf8, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_at(options, "a..b", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_at(options, not_utf8, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_env(options, "x", NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_add_env_file(options, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_add_trust(options, not_utf8, &error));
    atk_options_free(options);

    /* Every operation: no home, whether a result is wanted or not. */
#define NO_HOME(call_result, call_none)                 \
    do {                                                \
        FAILS(ATK_INVALID_ARGUMENT, call_result);       \
        FAILS(ATK_INVALID_ARGUMENT, call_none);         \
        CHECK(result == NULL);                          \
    } while (0)
#define PLAIN(name)                                                                   \
    NO_HOME(name(NULL, NULL, NULL, &result, &error),                        \
                      name(NULL, NULL, NULL, NULL, &error))
#define WITH_PLUGIN(name)                                                             \
    NO_HOME(name(NULL, "x", NULL, NULL, &result, &error),                   \
                      name(NULL, "x", NULL, NULL, NULL, &error));                     \
    FAILS(ATK_INVALID_ARGUMENT, name(home, not_utf8, NULL, NULL, &result, &error))
#define WITH_OPTIONS(name)                                                            \
    NO_HOME(name(NULL, "x", NULL, NULL, NULL, &result, &error),             \
                      name(NULL, "x", NULL, NULL, NULL, NULL, &error));               \
    FAILS(ATK_INVALID_ARGUMENT, name(home, not_utf8, NULL, NULL, NULL, &result, &error))
    NO_HOME(atk_home_init(NULL, NULL, NULL, NULL, &result, &error),
                      atk_home_init(NULL, NULL, NULL, NULL, NULL, &error));
    PLAIN(atk_home_list);
    PLAIN(atk_home_cache);
    NO_HOME(atk_home_cache_fetch(NULL, NULL, NULL, NULL, &result, &error),
                      atk_home_cache_fetch(NULL, NULL, NULL, NULL, NULL, &error));
    WITH_PLUGIN(atk_home_cache_export);
    WITH_PLUGIN(atk_home_cache_import);
    NO_HOME(atk_home_clear_cache(NULL, NULL, NULL, NULL, &result, &error),
                      atk_home_clear_cache(NULL, NULL, NULL, NULL, NULL, &error));
    NO_HOME(atk_home_doctor(NULL, NULL, NULL, NULL, &result, &error),
                      atk_home_doctor(NULL, NULL, NULL, NULL, NULL, &error));
    WITH_OPTIONS(atk_home_plan_undo);
    WITH_OPTIONS(atk_home_undo);
    WITH_PLUGIN(atk_home_resolve);
    WITH_OPTIONS(atk_home_plan_upgrade);
    WITH_OPTIONS(atk_home_bootstrap);
    WITH_PLUGIN(atk_home_show);
    WITH_PLUGIN(atk_home_outdated);
    WITH_OPTIONS(atk_home_verify);
    WITH_OPTIONS(atk_home_repair);
    WITH_OPTIONS(atk_home_history);
    WITH_PLUGIN(atk_home_hold);
    WITH_PLUGIN(atk_home_unhold);
    NO_HOME(atk_home_watch(NULL, NULL, NULL, NULL, &result, &error),
            atk_home_watch(NULL, NULL, NULL, NULL, NULL, &error));
    WITH_OPTIONS(atk_home_start);
    WITH_OPTIONS(atk_home_stop);
    WITH_OPTIONS(atk_home_restart);
    WITH_OPTIONS(atk_home_status);
    WITH_OPTIONS(atk_home_logs);
    WITH_PLUGIN(atk_home_search);
    WITH_PLUGIN(atk_home_readme);
    WITH_OPTIONS(atk_home_add);
    WITH_OPTIONS(atk_home_setup);
    WITH_OPTIONS(atk_home_plan_plug);
    WITH_OPTIONS(atk_home_plug);
    WITH_OPTIONS(atk_home_unplug);
    WITH_OPTIONS(atk_home_install);
    WITH_OPTIONS(atk_home_upgrade);
    WITH_OPTIONS(atk_home_uninstall);
    WITH_OPTIONS(atk_home_remove);
    FAILS(ATK_INVALID_ARGUMENT, atk_home_validate(NULL, "x", NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_create(NULL, "x", NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_registry_add(NULL, "x", "y", NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_registry_add(home, NULL, "y", NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_registry_add(home, "x", NULL, NULL, NULL, NULL, &result, &error));
    WITH_PLUGIN(atk_home_registry_remove);
    FAILS(ATK_INVALID_ARGUMENT, atk_home_registry_list(NULL, NULL, NULL, &result, &error));
    WITH_PLUGIN(atk_home_registry_init);
    FAILS(ATK_INVALID_ARGUMENT, atk_home_registry_build(NULL, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_registry_diff(NULL, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_schema(NULL, "atk", NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_fetch(NULL, "x", "/y", NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_fetch(home, "x", NULL, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_fetch(home, NULL, "/y", NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_add(home, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_logs(home, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_remove(home, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_run(home, "x", NULL, NULL, 0, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_run(home, "x", "y", NULL, 3, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_exec(home, NULL, NULL, 0, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_exec(home, "x", NULL, 3, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_mcp(home, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_options_set_agent(NULL, "x", &error));
    const char *hole[] = {"a", NULL};
    FAILS(ATK_INVALID_ARGUMENT, atk_home_git(home, hole, 2, NULL, NULL, &result, &error));
    /* NULL for a value is allowed everywhere. */
    CHECK(atk_value_type(NULL) == 0 && atk_value_count(NULL) == 0 && !atk_value_bool(NULL));
    CHECK(atk_value_get(NULL, "x") == NULL && atk_value_at(NULL, 0) == NULL);
    CHECK(atk_value_text(NULL) == NULL && atk_value_name(NULL, 0) == NULL);
    CHECK(atk_value_integer(NULL) == 0 && atk_result_value(NULL) == NULL);
    CHECK(atk_error_value(NULL) == NULL && atk_event_value(NULL) == NULL);
    CHECK(atk_event_number(NULL) == 0);
    /* The reason is not wanted. */
    CHECK(atk_home_logs(home, "nobody", NULL, NULL, NULL, &result, NULL) == ATK_PLUGIN_NOT_INSTALLED);
}

/* A path is bytes of any kind; in JSON what is no UTF-8 is replaced. */
static void odd_path(const char *path) {
    char odd[4096];
    atk_home *home = NULL;
    atk_result *result = NULL;
    snprintf(odd, sizeof odd, "%s-\xff", path);
    home = open_home(odd);
    FAILS(ATK_HOME_NOT_INITIALIZED, atk_home_list(home, NULL, NULL, &result, &error));
    OK(atk_home_init(home, NULL, NULL, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "-\xef\xbf\xbd\"") != NULL);
    atk_result_free(result);
    result = NULL;
    OK(atk_home_add(home, simple, NULL, NULL, NULL, &result, &error));
    atk_result_free(result);
    result = NULL;
    FAILS(ATK_NOT_DECLARED, atk_home_mcp(home, "mine", NULL, NULL, NULL, &result, &error));
    atk_home_free(home);
}

int main(int argc, char **argv) {
    CHECK(argc == 5);
    simple = argv[3];
    atk_home *home = open_home(argv[1]);
    atk_result *result = NULL;
    OK(atk_home_init(home, NULL, NULL, NULL, &result, &error));
    atk_result_free(result);
    result = NULL;
    null_everywhere(home);
    odd_path(argv[1]);

    /* A home without a name. */
    atk_home_options *options = NULL;
    atk_home *other = NULL;
    OK(atk_home_options_new("/tmp", &options, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_open(NULL, options, &other, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_cache_dir(options, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_registry(options, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_registry(options, not_utf8, &error));
    atk_home *no_home = NULL;
    OK(atk_home_options_set_registry(options, "", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_open("/home", options, &no_home, &error));
    OK(atk_home_options_set_registry(options, "/registry", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_base_dir(options, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_user_home(options, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_git(options, NULL, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_env(options, NULL, "x", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_set_network_timeout(options, -1, &error));
    OK(atk_home_options_set_cache_dir(options, "relative", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_open("/home", options, &other, &error));
    atk_home_options_free(options);
    options = NULL;
    FAILS(ATK_INVALID_ARGUMENT, atk_home_options_new(NULL, &options, &error));
    CHECK(options == NULL && other == NULL);

    /* Paths that are not absolute, and strings that are too long for anything. */
    FAILS(ATK_INVALID_ARGUMENT, atk_home_open("relative", NULL, &other, &error));
    size_t huge = 1 << 20;
    char *text = (char *)malloc(huge + 1);
    memset(text, 'x', huge);
    text[huge] = '\0';
    CHECK(atk_home_add(home, text, NULL, NULL, NULL, &result, &error) != ATK_OK);
    atk_error_free(error);
    error = NULL;
    FAILS(ATK_PLUGIN_NOT_INSTALLED, atk_home_logs(home, text, NULL, NULL, NULL, &result, &error));
    free(text);

    /* Tables of callbacks. */
    atk_host host;
    memset(&host, 0, sizeof host);
    for (size_t size = 0; size < sizeof host; size++) {
        host.struct_size = size;
        FAILS(ATK_INVALID_ARGUMENT, atk_home_list(home, &host, NULL, &result, &error));
    }
    struct {
        atk_host known;
        void *from_the_future;
    } larger;
    memset(&larger, 0, sizeof larger);
    larger.known.struct_size = sizeof larger;
    OK(atk_home_init(home, NULL, &larger.known, NULL, &result, &error));
    atk_result_free(result);
    result = NULL;
    host.struct_size = sizeof host;
    host.on_prompt = fails;
    FAILS(ATK_HOST_FAILED, atk_home_add(home, argv[2], NULL, &host, NULL, &result, &error));
    host.on_prompt = NULL;
    host.on_event = stops;
    FAILS(ATK_CANCELLED, atk_home_add(home, argv[2], NULL, &host, NULL, &result, &error));
    FAILS(ATK_VARIABLES_UNSET, atk_home_add(home, argv[2], NULL, NULL, NULL, &result, &error));
    OK(atk_home_list(home, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 0);
    atk_result_free(result);
    result = NULL;

    host.on_event = changes;
    host.on_prompt = reenters;
    host.userdata = home;
    OK(atk_home_add(home, argv[2], NULL, &host, NULL, &result, &error));
    atk_result_free(result);
    CHECK(nested > 0);

    early all;
    all.host = (atk_host *)calloc(1, sizeof *all.host);
    all.token = atk_cancel_new();
    CHECK(all.host != NULL);
    all.host->struct_size = sizeof *all.host;
    all.host->on_event = frees;
    all.host->userdata = &all;
    result = NULL;
    OK(atk_home_status(home, NULL, NULL, all.host, all.token, &result, &error));
    CHECK(all.host == NULL && all.token == NULL);
    atk_result_free(result);
    result = NULL;

    /* One handle, several threads. */
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, adds, home) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    OK(atk_home_list(home, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 2);
    atk_result_free(result);
    result = NULL;
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, lists, home) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }

    /* A token that was cancelled before, and one that is freed while it is still known. */
    atk_cancel *token = atk_cancel_new();
    CHECK(!atk_cancel_is_cancelled(token));
    atk_cancel_cancel(token);
    CHECK(atk_cancel_is_cancelled(token));
    FAILS(ATK_CANCELLED, atk_home_start(home, NULL, NULL, NULL, token, &result, &error));
    atk_cancel_free(token);
    atk_home_free(home);
    puts("done");
    return 0;
}
