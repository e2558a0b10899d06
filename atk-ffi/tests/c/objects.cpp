// The C++ header, used as it should be. Arguments: home, registry URL, git URL, local directory.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "atk.hpp"

#define CHECK(condition)                                                                   \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);           \
            std::exit(1);                                                                  \
        }                                                                                  \
    } while (0)

namespace {

// Answers questions, and counts what it hears of.
class Person : public atk::Host {
public:
    void on_event(const atk::Event &event) override {
        CHECK(event.value()["event"].text() == event.kind());
        if (event.number() == ATK_EVENT_PLUGIN_STARTED) {
            started += 1;
        }
        if (event.number() == ATK_EVENT_OUTPUT) {
            output += event.chunk();
        }
    }
    void on_prompt(atk::Prompt &prompt) override {
        CHECK(!prompt.message().empty() && !prompt.is_cancelled());
        switch (prompt.kind()) {
        case ATK_PROMPT_TRUST:
            CHECK(!prompt.details().empty());
            prompt.answer(true);
            break;
        case ATK_PROMPT_SECRET:
            CHECK(prompt.is_required());
            prompt.answer("s3cret");
            break;
        default:
            prompt.answer_default();
        }
    }

    int started = 0;
    std::string output;
};

// Throws in a callback.
class Thrower : public atk::Host {
public:
    void on_event(const atk::Event &event) override {
        if (event.number() == ATK_EVENT_STEP) {
            throw std::runtime_error("thrown in a callback");
        }
    }
};

// Changes a file as soon as it is watched, and keeps what changed.
class Watcher : public atk::Host {
public:
    explicit Watcher(std::string file) : file_(std::move(file)) {}
    void on_event(const atk::Event &event) override {
        if (event.number() == ATK_EVENT_WATCHING) {
            std::ofstream(file_, std::ios::app) << "# changed\n";
        }
        for (atk::Value plugin : event.value()["plugins"]) {
            changed += plugin.text();
        }
    }
    std::string changed;

private:
    std::string file_;
};

template <typename Call> void fails(std::int32_t number, Call call) {
    try {
        call();
    } catch (const atk::Error &error) {
        if (error.number() != number) {
            std::cerr << error.code() << ": " << error.what() << "\n";
        }
        CHECK(error.number() == number && error.what()[0] != '\0' && error.exit_code() >= 0);
        return;
    }
    CHECK(!"it must fail");
}

} // namespace

int main(int argc, char **argv) {
    CHECK(argc == 5);
    atk::HomeOptions settings;
    settings.registry(argv[2]).base_dir("/").env("ATK_CPP_TEST", "1").wait(false);
    settings.network_timeout(20).max_files(1000).max_file_bytes(1 << 20).user_home("/");
    const atk::Home home(argv[1], settings);
    CHECK(home.path() == argv[1]);

    fails(ATK_HOME_NOT_INITIALIZED, [&] { home.list(); });
    CHECK(home.init().value()["created"].boolean());

    Person person;
    const atk::Result added = home.add("echo", atk::Options(), &person);
    CHECK(added.value()["directory"].text() == "echo" && added.size() == 1);
    CHECK(person.output.find("s3cret dflt") != std::string::npos);
    home.add(argv[3], atk::Options().yes().env("NAME", "value"));
    fails(ATK_PLUGIN_EXISTS, [&] { home.add(argv[3], atk::Options().yes()); });
    fails(ATK_INVALID_ARGUMENT, [&] { home.add(argv[4], atk::Options().once()); });

    // What a callback throws is what the operation throws, and nothing has changed.
    Thrower thrower;
    try {
        home.add(argv[4], atk::Options(), &thrower);
        CHECK(!"it must throw");
    } catch (const std::runtime_error &error) {
        CHECK(std::string(error.what()) == "thrown in a callback");
    }
    // A value keeps the outcome that it is of, also of a call that nothing else refers to.
    std::string listed;
    for (const atk::Value plugin : home.list().value()) {
        listed += std::string(plugin["directory"].text()) + " ";
    }
    CHECK(listed == "echo tool ");
    const atk::Value kept = home.show("tool").value()["source"];
    CHECK(kept["type"].text() == "git");

    const atk::Result shown = home.show("echo");
    CHECK(shown.value()["source"]["pin"].text().size() == 40);
    CHECK(!shown.value()["no"]["such"][3].exists() && shown.value()["no"].is_null());
    int variables = 0;
    for (atk::Value variable : shown.value()["variables"]) {
        CHECK(variable["is_set"].boolean());
        variables += 1;
    }
    CHECK(variables == 2);

    const atk::Result plans = home.plan_upgrade("tool");
    CHECK(plans.state(0) == ATK_ITEM_SKIPPED);
    home.upgrade("tool", atk::Options().plan(std::string(40, '0')));
    home.upgrade("tool", atk::Options().plans({}).plans({std::string(40, '0'), "x"}));
    person.started = 0;
    const atk::Result report = home.install(std::nullopt, atk::Options(), &person);
    CHECK(report.size() == 2 && report.exit_code() == 0 && person.started == 2);
    const atk::Result again = home.bootstrap(std::nullopt, atk::Options(), &person);
    CHECK(!again.value()["cloned"].boolean() && again.json().front() == '{');

    Watcher watcher(std::string(argv[1]) + "/plugins/echo/.env");
    home.watch(atk::Options().once(), &watcher);
    CHECK(watcher.changed == "echo");
    const atk::Cancel cancel;
    cancel.cancel();
    CHECK(cancel.is_cancelled());
    fails(ATK_CANCELLED, [&] { home.watch(atk::Options(), nullptr, &cancel); });
    try {
        home.setup("none");
    } catch (const atk::Error &error) {
        CHECK(error.code() == "plugin_not_installed" && error.details()["plugin"].text() == "none");
    }
    const atk::Result ended = home.run("echo", "script", {"one", "two words"}, atk::Options(), &person);
    CHECK(ended.exit_code() == 7 && person.output.find("one|two words") != std::string::npos);
    home.remove("echo", atk::Options().force());
    std::puts("done");
    return 0;
}
