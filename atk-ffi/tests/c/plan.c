/* An upgrade by plan, while the source gets newer versions. Arguments: home, git URL, a script that
 * commits a newer version. */
#include "check.h"

/* Plans the upgrade of the tool, and adds the plan to options. */
static void plan(const atk_home *home, atk_options *options) {
    atk_result *result = NULL;
    OK(atk_home_plan_upgrade(home, "tool", NULL, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 1 && atk_result_state(result, 0) == ATK_ITEM_DONE);
    const atk_value *line = atk_value_at(atk_value_get(atk_result_value(result), "plugins"), 0);
    const atk_value *digest = atk_value_get(atk_value_get(line, "outcome"), "digest");
    OK(atk_options_add_plan(options, atk_value_text(digest), &error));
    atk_result_free(result);
}

/* The commit that the tool is pinned to. */
static void pin(const atk_home *home, char *into, size_t size) {
    atk_result *result = NULL;
    OK(atk_home_list(home, NULL, NULL, &result, &error));
    CHECK(atk_result_count(result) == 1);
    snprintf(into, size, "%s", atk_result_pin(result, 0));
    atk_result_free(result);
}

int main(int argc, char **argv) {
    CHECK(argc == 4);
    char before[100], after[100];
    atk_result *result = NULL;
    atk_home *home = open_home(argv[1]);
    atk_options *options = atk_options_new();
    OK(atk_options_set_yes(options, true, &error));
    OK(atk_home_init(home, NULL, NULL, NULL, NULL, &error));
    OK(atk_home_add(home, argv[2], options, NULL, NULL, NULL, &error));
    pin(home, before, sizeof before);

    CHECK(system(argv[3]) == 0);
    plan(home, options);
    CHECK(system(argv[3]) == 0);
    /* Of one plugin it is the error of the call, of all it is in the report. Nothing has changed. */
    FAILS(ATK_PLAN_OUTDATED, atk_home_upgrade(home, "tool", options, NULL, NULL, &result, &error));
    OK(atk_home_upgrade(home, NULL, options, NULL, NULL, &result, &error));
    CHECK(atk_result_state(result, 0) == ATK_ITEM_FAILED && atk_result_exit_code(result) == 1);
    const atk_error *why = atk_result_error(result, 0);
    CHECK(atk_error_number(why) == ATK_PLAN_OUTDATED && atk_error_exit_code(why) == 10);
    CHECK(strcmp(atk_error_id(why), "plan_outdated") == 0);
    atk_result_free(result);
    pin(home, after, sizeof after);
    CHECK(strcmp(before, after) == 0);

    /* A list without a plan allows nothing: what a program shows of an empty report is nothing. */
    atk_options *none = atk_options_new();
    OK(atk_options_set_yes(none, true, &error));
    OK(atk_options_add_plan(none, NULL, &error));
    OK(atk_home_upgrade(home, NULL, none, NULL, NULL, &result, &error));
    CHECK(atk_result_state(result, 0) != ATK_ITEM_DONE);
    atk_result_free(result);
    pin(home, after, sizeof after);
    CHECK(strcmp(before, after) == 0);
    atk_options_free(none);

    /* The plan of the newest version is carried out; that of an older one may be in the list too. */
    plan(home, options);
    OK(atk_home_upgrade(home, NULL, options, NULL, NULL, &result, &error));
    CHECK(atk_result_state(result, 0) == ATK_ITEM_DONE && atk_result_exit_code(result) == 0);
    atk_result_free(result);
    pin(home, after, sizeof after);
    CHECK(strcmp(before, after) != 0);

    atk_options_free(options);
    atk_home_free(home);
    puts("done");
    return 0;
}
