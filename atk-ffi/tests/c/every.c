/* Every function, used as it should be. Arguments: home, registry URL, git URL, local directory, a
 * directory that is not there yet. */
#include "check.h"

typedef struct seen {
    int events, outputs, steps, prompts;
    uint64_t received;
    char last[256];
    char output[4096];
    /* A file that is changed as soon as a watch has begun. */
    char touch[4096];
    int changes;
} seen;

/* A field of a field. */
static const atk_value *field(const atk_value *value, const char *a, const char *b) {
    const atk_value *inner = atk_value_get(value, a);
    return b == NULL ? inner : atk_value_get(inner, b);
}

static bool is_text(const atk_value *value, const char *text) {
    return atk_value_type(value) == ATK_VALUE_TEXT && strcmp(atk_value_text(value), text) == 0;
}

static int32_t on_event(void *userdata, const atk_event *event) {
    seen *all = (seen *)userdata;
    size_t size = 0;
    const uint8_t *chunk = atk_event_chunk(event, &size);
    all->events++;
    CHECK(atk_event_json(event)[0] == '{');
    snprintf(all->last, sizeof all->last, "%s", atk_event_kind(event));
    if (strcmp(atk_event_kind(event), "output") == 0) {
        all->outputs++;
        CHECK(chunk != NULL && size > 0 && atk_event_plugin(event) != NULL);
        CHECK(atk_event_stream(event) == 1 || atk_event_stream(event) == 2);
        CHECK(atk_event_operation(event) != NULL && atk_event_text(event) != NULL);
        size_t have = strlen(all->output);
        size_t room = sizeof all->output - 1 - have;
        if (size > room) {
            size = room;
        }
        memcpy(all->output + have, chunk, size);
        all->output[have + size] = '\0';
    } else {
        CHECK(chunk == NULL && size == 0 && atk_event_stream(event) == 0);
    }
    CHECK(is_text(field(atk_event_value(event), "event", NULL), atk_event_kind(event)));
    CHECK(atk_event_number(event) != 0);
    if (atk_event_number(event) == ATK_EVENT_WATCHING) {
        FILE *touched = fopen(all->touch, "a");
        CHECK(touched != NULL && fputs("# changed\n", touched) >= 0 && fclose(touched) == 0);
    }
    if (atk_event_number(event) == ATK_EVENT_CHANGED) {
        const atk_value *plugins = field(atk_event_value(event), "plugins", NULL);
        CHECK(atk_value_count(plugins) == 1 && is_text(atk_value_at(plugins, 0), "echo"));
        all->changes++;
    }
    if (strcmp(atk_event_kind(event), "progress") == 0) {
        all->received += atk_event_bytes(event) + atk_event_objects(event);
    }
    if (strcmp(atk_event_kind(event), "step") == 0) {
        all->steps++;
        CHECK(atk_event_text(event) != NULL);
    }
    return 0;
}

static int32_t on_prompt(void *userdata, atk_prompt *prompt) {
    seen *all = (seen *)userdata;
    all->prompts++;
    CHECK(atk_prompt_json(prompt)[0] == '{' && atk_prompt_plugin(prompt)[0] != '\0');
    CHECK(atk_prompt_message(prompt)[0] != '\0' && !atk_prompt_is_cancelled(prompt));
    switch (atk_prompt_kind(prompt)) {
    case ATK_PROMPT_TRUST:
        CHECK(strncmp(atk_prompt_id(prompt), "trust:", 6) == 0);
        CHECK(atk_prompt_detail(prompt, 0) != NULL && atk_prompt_detail(prompt, 1000) == NULL);
        OK(atk_prompt_answer_yes(prompt, true, &error));
        break;
    case ATK_PROMPT_SECRET:
        CHECK(atk_prompt_required(prompt) && atk_prompt_default(prompt) == NULL);
        OK(atk_prompt_answer_text(prompt, "s3cret", &error));
        break;
    case ATK_PROMPT_TEXT:
        CHECK(strcmp(atk_prompt_default(prompt), "dflt") == 0);
        OK(atk_prompt_answer_default(prompt, &error));
        break;
    default:
        OK(atk_prompt_answer_yes(prompt, false, &error));
    }
    return 0;
}

int main(int argc, char **argv) {
    CHECK(argc == 6);
    CHECK(strcmp(atk_version(), ATK_VERSION) == 0 && atk_abi_version() == ATK_ABI_VERSION);
    CHECK(atk_error_kind_count() > 30 && atk_error_kind_number(0) == ATK_INTERNAL);
    char id[64];
    CHECK(atk_error_kind_id(ATK_PIN_NOT_FOUND, id, sizeof id) == 13 && strcmp(id, "pin_not_found") == 0);
    CHECK(atk_error_kind_id(ATK_PIN_NOT_FOUND, id, 4) == 13 && strcmp(id, "pin") == 0);
    CHECK(atk_error_kind_id(12345, id, sizeof id) == 0 && atk_error_kind_number(9999) == 0);

    atk_home *home = NULL;
    atk_home_options *home_options = NULL;
    atk_result *result = NULL;
    atk_options *options = atk_options_new();
    seen all;
    memset(&all, 0, sizeof all);
    atk_host host;
    memset(&host, 0, sizeof host);
    host.struct_size = sizeof host;
    host.userdata = &all;
    host.on_event = on_event;
    host.on_prompt = on_prompt;

    OK(atk_home_options_from_env(&home_options, &error));
    OK(atk_home_options_set_registry(home_options, argv[2], &error));
    OK(atk_home_options_set_cache_dir(home_options, getenv("ATK_CACHE_DIR"), &error));
    OK(atk_home_options_set_base_dir(home_options, "/", &error));
    OK(atk_home_options_set_user_home(home_options, "/", &error));
    OK(atk_home_options_set_atk(home_options, "/bin/atk", &error));
    OK(atk_home_options_set_env(home_options, "ATK_C_TEST", "1", &error));
    OK(atk_home_options_set_env(home_options, "ATK_C_TEST", NULL, &error));
    OK(atk_home_options_set_wait(home_options, false, &error));
    OK(atk_home_options_set_offline(home_options, true, &error));
    OK(atk_home_options_set_offline(home_options, false, &error));
    OK(atk_home_options_add_registry(home_options, "option", argv[2], &error));
    OK(atk_home_options_set_network_timeout(home_options, 20.0, &error));
    OK(atk_home_options_set_max_transfer_bytes(home_options, 1 << 30, &error));
    OK(atk_home_options_set_network_rate(home_options, 100, &error));
    OK(atk_home_options_set_status_timeout(home_options, 20.0, &error));
    OK(atk_home_options_set_max_files(home_options, 1000, &error));
    OK(atk_home_options_set_max_file_bytes(home_options, 1 << 20, &error));
    OK(atk_home_options_set_max_plugin_bytes(home_options, 1 << 24, &error));
    OK(atk_home_options_set_cache_limit(home_options, 1 << 28, &error));
    OK(atk_home_open(argv[1], home_options, &home, &error));

    FAILS(ATK_HOME_NOT_INITIALIZED, atk_home_list(home, NULL, NULL, &result, &error));
    OK(atk_home_init(home, NULL, &host, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"created\":true") != NULL);
    CHECK(strcmp(atk_result_path(result, 0), argv[1]) == 0);
    atk_result_free(result);
    OK(atk_options_set_adopt(options, true, &error));
    OK(atk_home_init(home, options, &host, NULL, &result, &error));
    OK(atk_options_set_adopt(options, false, &error));
    CHECK(strstr(atk_result_json(result), "\"created\":false") != NULL);
    atk_result_free(result);

    OK(atk_home_resolve(home, "some-name", &host, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "registry") != NULL);
    atk_result_free(result);
    FAILS(ATK_SOURCE_INVALID, atk_home_resolve(home, "ext::sh", &host, NULL, &result, &error));

    OK(atk_home_search(home, "ECHO", &host, NULL, &result, &error));
    CHECK(atk_result_count(result) == 1 && strcmp(atk_result_name(result, 0), "echo") == 0);
    atk_result_free(result);
    OK(atk_home_search(home, NULL, &host, NULL, &result, &error));
    atk_result_free(result);

    OK(atk_home_fetch(home, argv[3], argv[5], options, &host, NULL, &result, &error));
    CHECK(strlen(atk_result_pin(result, 0)) == 40 && strcmp(atk_result_name(result, 0), "Tool") == 0);
    char pin[41];
    snprintf(pin, sizeof pin, "%s", atk_result_pin(result, 0));
    atk_result_free(result);

    OK(atk_home_schema(home, "plugin", &host, NULL, &result, &error));
    CHECK(is_text(field(atk_value_at(atk_result_value(result), 0), "name", NULL), "plugin"));
    atk_result_free(result);
    atk_options *validating = atk_options_new();
    OK(atk_options_set_strict(validating, true, &error));
    OK(atk_home_validate(home, argv[3], validating, &host, NULL, &result, &error));
    atk_options_free(validating);
    CHECK(is_text(field(atk_result_value(result), "name", NULL), "Tool"));
    atk_result_free(result);

    char created[4096];
    snprintf(created, sizeof created, "%s.created", argv[5]);
    atk_options *new_plugin = atk_options_new();
    OK(atk_options_set_display_name(new_plugin, "Created", &error));
    OK(atk_options_set_description(new_plugin, "From C", &error));
    OK(atk_options_set_service(new_plugin, "script", &error));
    OK(atk_options_set_mcp(new_plugin, "http", &error));
    OK(atk_options_set_skill(new_plugin, true, &error));
    OK(atk_options_set_in_home(new_plugin, false, &error));
    OK(atk_home_create(home, created, new_plugin, &host, NULL, &result, &error));
    CHECK(is_text(field(atk_result_value(result), "directory", NULL), "created"));
    atk_result_free(result);
    OK(atk_options_set_server(new_plugin, "npx:nothing here", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_create(home, NULL, new_plugin, &host, NULL, &result, &error));
    OK(atk_options_set_mcp(new_plugin, "pigeon", &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_create(home, NULL, new_plugin, &host, NULL, &result, &error));
    atk_options_free(new_plugin);
    atk_options *mirrored = atk_options_new();
    OK(atk_options_add_mirrors(mirrored, "m.org/registry", &error));
    OK(atk_home_registry_add(home, "team", "h.org/registry", mirrored, &host, NULL, &result, &error));
    CHECK(is_text(field(atk_result_value(result), "name", NULL), "team"));
    atk_result_free(result);
    atk_options_free(mirrored);
    OK(atk_home_registry_list(home, &host, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "m.org/registry") != NULL);
    CHECK(strstr(atk_result_json(result), "\"option\"") != NULL);
    atk_result_free(result);
    OK(atk_home_registry_remove(home, "team", &host, NULL, &result, &error));
    atk_result_free(result);
    FAILS(ATK_REGISTRY_NOT_FOUND, atk_home_registry_remove(home, "team", &host, NULL, &result, &error));

    char registry[4096];
    snprintf(registry, sizeof registry, "%s.registry", argv[5]);
    OK(atk_home_registry_init(home, registry, &host, NULL, &result, &error));
    atk_result_free(result);
    atk_options *checking = atk_options_new();
    OK(atk_options_set_check_only(checking, true, &error));
    OK(atk_home_registry_build(home, registry, checking, &host, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"valid\":true") != NULL);
    atk_result_free(result);
    atk_options_free(checking);
    atk_options *comparing = atk_options_new();
    OK(atk_options_set_base(comparing, "main", &error));
    FAILS(ATK_REF_NOT_FOUND, atk_home_registry_diff(home, registry, comparing, &host, NULL, &result, &error));
    atk_options_free(comparing);

    /* The registry's plugin asks for trust, a secret and a text. */
    OK(atk_home_add(home, "echo", options, &host, NULL, &result, &error));
    CHECK(all.prompts == 3 && all.outputs > 0 && strstr(all.output, "s3cret dflt") != NULL);
    CHECK(strcmp(all.last, "operation_finished") == 0 && all.steps > 0 && all.received > 0);
    CHECK(strcmp(atk_result_directory(result, 0), "echo") == 0 && atk_result_count(result) == 1);
    CHECK(atk_result_state(result, 0) == ATK_ITEM_DONE && atk_result_state(result, 1) == 0);
    CHECK(atk_result_error(result, 0) == NULL && atk_result_exit_code(result) == 0);
    atk_result_free(result);

    OK(atk_options_set_at(options, pin, &error));
    OK(atk_options_add_trust(options, "*", &error));
    OK(atk_options_set_answer(options, "trust:tool", "yes", &error));
    OK(atk_home_add(home, argv[3], options, NULL, NULL, &result, &error));
    atk_result_free(result);
    OK(atk_options_set_at(options, NULL, &error));
    OK(atk_home_add(home, argv[4], NULL, NULL, NULL, &result, &error));
    atk_result_free(result);
    FAILS(ATK_PLUGIN_EXISTS, atk_home_add(home, argv[4], NULL, NULL, NULL, &result, &error));

    OK(atk_home_list(home, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 3 && strcmp(atk_result_name(result, 2), "Mine") == 0);
    atk_result_free(result);

    OK(atk_options_set_env(options, "TOKEN", "other", &error));
    OK(atk_options_set_yes(options, true, &error));
    /* An option that the operation does not take. */
    OK(atk_options_set_force(options, true, &error));
    FAILS(ATK_INVALID_ARGUMENT, atk_home_setup(home, "echo", options, NULL, NULL, &result, &error));
    OK(atk_options_set_force(options, false, &error));
    FAILS(ATK_IO, atk_options_add_env_file(options, "/nonexistent/file", &error));
    OK(atk_home_setup(home, "echo", options, NULL, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"written\":[\"TOKEN\"]") != NULL);
    atk_result_free(result);
    OK(atk_home_install(home, NULL, options, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 3);
    atk_result_free(result);

    /* Everything about a plugin, without a parser for JSON. */
    OK(atk_home_show(home, "echo", &host, NULL, &result, &error));
    const atk_value *shown = atk_result_value(result);
    CHECK(is_text(field(shown, "directory", NULL), "echo"));
    CHECK(is_text(field(shown, "source", "type"), "registry"));
    CHECK(strlen(atk_value_text(field(shown, "source", "pin"))) == 40);
    CHECK(atk_value_integer(field(shown, "pinned_at", NULL)) > 0);
    const atk_value *variables = field(shown, "variables", NULL);
    CHECK(atk_value_type(variables) == ATK_VALUE_LIST && atk_value_count(variables) == 2);
    CHECK(is_text(field(atk_value_at(variables, 0), "name", NULL), "TOKEN"));
    CHECK(atk_value_bool(field(atk_value_at(variables, 0), "is_set", NULL)));
    CHECK(atk_value_type(field(atk_value_at(variables, 0), "value", NULL)) == ATK_VALUE_NULL);
    CHECK(strcmp(atk_value_name(shown, 0), "name") == 0 && atk_value_name(shown, 99) == NULL);
    atk_result_free(result);

    OK(atk_home_outdated(home, "echo", &host, NULL, &result, &error));
    CHECK(atk_result_state(result, 0) == ATK_ITEM_DONE);
    const atk_value *plugins = field(atk_result_value(result), "plugins", NULL);
    CHECK(is_text(field(atk_value_at(plugins, 0), "outcome", "state"), "current"));
    atk_result_free(result);

    atk_options *looking = atk_options_new();
    OK(atk_options_set_online(looking, true, &error));
    OK(atk_options_set_extra(looking, true, &error));
    OK(atk_options_set_check(looking, true, &error));
    OK(atk_home_verify(home, NULL, looking, &host, NULL, &result, &error));
    atk_options_free(looking);
    CHECK(atk_value_bool(field(atk_result_value(result), "intact", NULL)));
    CHECK(atk_result_state(result, 0) == ATK_ITEM_DONE);
    atk_result_free(result);

    OK(atk_home_repair(home, NULL, NULL, &host, NULL, &result, &error));
    CHECK(atk_value_bool(field(atk_result_value(result), "intact", NULL)));
    atk_result_free(result);
    atk_options *newest = atk_options_new();
    OK(atk_options_set_limit(newest, 1, &error));
    OK(atk_home_history(home, "echo", newest, &host, NULL, &result, &error));
    atk_options_free(newest);
    CHECK(atk_value_at(atk_result_value(result), 1) == NULL);
    const atk_value *change = atk_value_at(atk_result_value(result), 0);
    CHECK(is_text(field(change, "author", NULL), "ATK"));
    atk_result_free(result);

    /* Held at its commit, and released. */
    OK(atk_home_hold(home, "echo", &host, NULL, &result, &error));
    CHECK(atk_value_bool(field(atk_result_value(result), "source", "held")));
    atk_result_free(result);
    FAILS(ATK_HELD, atk_home_plan_upgrade(home, "echo", NULL, &host, NULL, &result, &error));
    OK(atk_home_unhold(home, "echo", &host, NULL, &result, &error));
    CHECK(!atk_value_bool(field(atk_result_value(result), "source", "held")));
    atk_result_free(result);

    /* A watch that ends at the first change; its result is not wanted. */
    snprintf(all.touch, sizeof all.touch, "%s/plugins/echo/.env", argv[1]);
    OK(atk_options_set_once(options, true, &error));
    atk_options *watching = atk_options_new();
    OK(atk_options_set_once(watching, true, &error));
    OK(atk_options_set_once(options, false, &error));
    OK(atk_home_watch(home, watching, &host, NULL, NULL, &error));
    CHECK(all.changes == 1);
    atk_options_free(watching);

    OK(atk_home_plan_upgrade(home, NULL, NULL, &host, NULL, &result, &error));
    CHECK(atk_result_state(result, 0) == ATK_ITEM_SKIPPED);
    atk_result_free(result);
    atk_options *planned = atk_options_new();
    OK(atk_options_add_plan(planned, "0123456789012345678901234567890123456789", &error));
    OK(atk_options_set_to(planned, pin, &error));
    OK(atk_options_set_to(planned, NULL, &error));
    OK(atk_home_upgrade(home, NULL, planned, &host, NULL, &result, &error));
    CHECK(atk_result_state(result, 2) == ATK_ITEM_SKIPPED);
    atk_result_free(result);
    OK(atk_options_set_url(planned, "https://example.com/home", &error));
    atk_options_free(planned);
    /* The home is there: only what is missing is done. */
    OK(atk_home_bootstrap(home, NULL, options, &host, NULL, &result, &error));
    CHECK(!atk_value_bool(field(atk_result_value(result), "cloned", NULL)));
    CHECK(atk_result_count(result) == 3);
    atk_result_free(result);
    FAILS(ATK_LOCAL_NOT_UPGRADABLE, atk_home_upgrade(home, "mine", NULL, NULL, NULL, &result, &error));

    OK(atk_home_start(home, "echo", NULL, &host, NULL, &result, &error));
    atk_result_free(result);
    OK(atk_home_status(home, NULL, NULL, &host, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"state\":\"running\"") != NULL);
    atk_result_free(result);
    OK(atk_home_restart(home, "echo", NULL, &host, NULL, &result, &error));
    atk_result_free(result);
    OK(atk_home_stop(home, NULL, NULL, &host, NULL, &result, &error));
    CHECK(atk_result_count(result) == 3);
    atk_result_free(result);
    OK(atk_home_logs(home, "echo", NULL, &host, NULL, &result, &error));
    CHECK(strstr(all.output, "the log") != NULL);
    atk_result_free(result);
    const char *args[] = {"one", "two words"};
    OK(atk_home_run(home, "echo", "script", args, 2, NULL, &host, NULL, &result, &error));
    CHECK(atk_result_exit_code(result) == 7 && strstr(all.output, "one|two words") != NULL);
    atk_result_free(result);
    const char *git[] = {"log", "--format=%s"};
    OK(atk_home_git(home, git, 2, &host, NULL, &result, &error));
    CHECK(atk_result_exit_code(result) == 0 && strstr(all.output, "Add plugin 'Mine'") != NULL);
    atk_result_free(result);
    OK(atk_home_mcp(home, "echo", NULL, NULL, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"command\":\"serve\"") != NULL);
    atk_result_free(result);
    FAILS(ATK_NOT_DECLARED, atk_home_exec(home, "echo", args, 2, NULL, &host, NULL, &result, &error));
    atk_options *plugging = atk_options_new();
    OK(atk_options_add_agents(plugging, "cursor", &error));
    OK(atk_options_set_project(plugging, argv[1], &error));
    OK(atk_options_set_values(plugging, false, &error));
    OK(atk_options_set_refs(plugging, false, &error));
    OK(atk_options_set_adopt_entries(plugging, true, &error));
    OK(atk_options_set_overwrite_edited(plugging, true, &error));
    OK(atk_options_set_copy_skills(plugging, true, &error));
    OK(atk_home_plan_plug(home, "echo", plugging, &host, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"change\":\"added\"") != NULL);
    atk_result_free(result);
    OK(atk_home_plug(home, "echo", plugging, &host, NULL, &result, &error));
    CHECK(atk_result_count(result) == 1);
    atk_result_free(result);
    OK(atk_home_plugs(home, NULL, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"state\":\"ok\"") != NULL);
    atk_result_free(result);
    OK(atk_options_set_agent(plugging, "codex", &error));
    atk_options_free(plugging);
    OK(atk_home_unplug(home, "echo", NULL, &host, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"change\":\"removed\"") != NULL);
    atk_result_free(result);
    OK(atk_home_agents(home, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 16);
    atk_result_free(result);
    OK(atk_home_readme(home, "Mine", NULL, NULL, &result, &error));
    CHECK(strstr(atk_result_json(result), "\"text\":null") != NULL);
    atk_result_free(result);

    /* One of them fails: the report has its error, borrowed. */
    FAILS(ATK_INTERACTION_REQUIRED, atk_home_remove(home, "mine", NULL, NULL, NULL, &result, &error));
    FAILS(ATK_DECLINED, atk_home_uninstall(home, "mine", NULL, &host, NULL, &result, &error));
    OK(atk_options_set_force(options, true, &error));
    OK(atk_options_set_ignore_failures(options, false, &error));
    OK(atk_home_remove(home, "mine", options, NULL, NULL, &result, &error));
    atk_result_free(result);
    atk_options *curing = atk_options_new();
    OK(atk_options_set_fix(curing, true, &error));
    OK(atk_home_doctor(home, curing, &host, NULL, &result, &error));
    const atk_value *checks = field(atk_result_value(result), "checks", NULL);
    CHECK(is_text(field(atk_value_at(checks, 0), "id", NULL), "git"));
    atk_result_free(result);
    atk_options_free(curing);
    atk_options *undoing = atk_options_new();
    OK(atk_options_set_with_later(undoing, true, &error));
    OK(atk_home_plan_undo(home, NULL, undoing, &host, NULL, &result, &error));
    CHECK(is_text(field(atk_result_value(result), "subject", NULL), "Remove plugin 'Mine'"));
    atk_result_free(result);
    OK(atk_home_undo(home, NULL, undoing, &host, NULL, &result, &error));
    CHECK(atk_result_count(result) == 1 && atk_result_state(result, 0) == ATK_ITEM_DONE);
    atk_result_free(result);
    atk_options_free(undoing);
    OK(atk_home_remove(home, "mine", options, NULL, NULL, &result, &error));
    atk_result_free(result);
    OK(atk_home_uninstall(home, "tool", options, NULL, NULL, &result, &error));
    atk_result_free(result);
    remove(strcat(strcat(strcpy(all.output, argv[1]), "/plugins/echo"), "/plugin.yaml"));
    OK(atk_home_status(home, NULL, NULL, &host, NULL, &result, &error));
    atk_result_free(result);
    FILE *broken = fopen(all.output, "w");
    CHECK(broken != NULL);
    fputs("no: [yaml", broken);
    fclose(broken);
    OK(atk_home_status(home, NULL, NULL, &host, NULL, &result, &error));
    CHECK(atk_result_state(result, 0) == ATK_ITEM_FAILED && atk_result_exit_code(result) == 1);
    const atk_error *borrowed = atk_result_error(result, 0);
    CHECK(atk_error_number(borrowed) == ATK_DEFINITION_INVALID && atk_error_exit_code(borrowed) == 5);
    CHECK(strstr(atk_error_json(borrowed), "\"problems\"") != NULL);
    const atk_value *problems = field(atk_error_value(borrowed), "details", "problems");
    CHECK(atk_value_integer(field(atk_value_at(problems, 0), "line", NULL)) == 1);
    atk_result_free(result);

    OK(atk_home_cache(home, NULL, NULL, &result, &error));
    atk_result_free(result);
    char exported[300];
    snprintf(exported, sizeof exported, "%s/exported.tar", getenv("ATK_CACHE_DIR"));
    OK(atk_home_cache_fetch(home, NULL, &host, NULL, &result, &error));
    CHECK(atk_result_count(result) > 0 && atk_result_state(result, 0) == ATK_ITEM_DONE);
    atk_result_free(result);
    OK(atk_home_cache_export(home, exported, &host, NULL, &result, &error));
    CHECK(atk_value_integer(field(atk_result_value(result), "bytes", NULL)) > 0);
    atk_result_free(result);
    FAILS(ATK_INVALID_ARGUMENT, atk_home_cache_export(home, exported, &host, NULL, &result, &error));
    OK(atk_home_cache_import(home, exported, &host, NULL, &result, &error));
    atk_result_free(result);
    atk_options *clearing = atk_options_new();
    OK(atk_options_set_trash(clearing, true, &error));
    OK(atk_home_clear_cache(home, clearing, NULL, NULL, &result, &error));
    atk_options_free(clearing);
    atk_result_free(result);
    atk_options_free(options);
    atk_home_options_free(home_options);
    atk_home_free(home);

    OK(atk_home_options_new("/tmp", &home_options, &error));
    OK(atk_home_options_set_git(home_options, "/nonexistent/git", &error));
    atk_home_options_free(home_options);
    OK(atk_home_open(NULL, NULL, &home, &error));
    atk_home_free(home);
    puts("done");
    return 0;
}
