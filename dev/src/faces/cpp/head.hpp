#ifndef ATK_HPP
#define ATK_HPP

// The C++ API of libatk: one header over `atk.h`, C++17 or newer, no further library.
//
// Handles own what they name and free it. A failure is an exception, `atk::Error`. A value keeps the
// outcome or error it comes from; a text (`std::string_view`) lives as long as such a value does.
//
//     atk::Home home;
//     atk::Result added = home.add("openmemory", atk::Options().yes());
//     std::cout << added.value()["source"]["pin"].text() << "\n";

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "atk.h"

namespace atk {

// A value of a document: of an outcome, an error or an event. It keeps the outcome or the error, so
// that `for (atk::Value plugin : home.list().value())` is safe; that of an event is valid during the
// callback only. A field that is missing is a value that `exists()` denies, and every question may be
// asked of it.
class Value {
public:
    explicit Value(
        const atk_value *raw = nullptr, std::shared_ptr<const void> owner = nullptr) noexcept
        : raw_(raw), owner_(std::move(owner)) {}

    bool exists() const noexcept { return raw_ != nullptr; }
    // True for null, and for a field that is missing.
    bool is_null() const noexcept { return type() == 0 || type() == ATK_VALUE_NULL; }
    // `ATK_VALUE_TEXT` and so on; 0 if it is missing.
    std::uint32_t type() const noexcept { return atk_value_type(raw_); }

    // A field of an object.
    Value operator[](const char *name) const noexcept { return Value(atk_value_get(raw_, name), owner_); }
    // An item of a list, or a field of an object, by its place.
    Value operator[](std::size_t index) const noexcept { return Value(atk_value_at(raw_, index), owner_); }
    // How many items or fields it has.
    std::size_t size() const noexcept { return atk_value_count(raw_); }
    // The name of a field, by its place.
    std::string_view name(std::size_t index) const noexcept {
        return view(atk_value_name(raw_, index));
    }

    // The text; empty if it is not a text.
    std::string_view text() const noexcept { return view(atk_value_text(raw_)); }
    // The number; 0 if it is not an integer.
    std::int64_t integer() const noexcept { return atk_value_integer(raw_); }
    // True if the value is true.
    bool boolean() const noexcept { return atk_value_bool(raw_); }

    class Iterator;
    Iterator begin() const noexcept;
    Iterator end() const noexcept;

private:
    static std::string_view view(const char *text) noexcept {
        return text == nullptr ? std::string_view() : std::string_view(text);
    }

    const atk_value *raw_;
    std::shared_ptr<const void> owner_;
};

// Goes over the items of a list, or the fields of an object.
class Value::Iterator {
public:
    Iterator(Value of, std::size_t at) noexcept : of_(std::move(of)), at_(at) {}
    Value operator*() const noexcept { return of_[at_]; }
    Iterator &operator++() noexcept {
        ++at_;
        return *this;
    }
    bool operator!=(const Iterator &other) const noexcept { return at_ != other.at_; }

private:
    Value of_;
    std::size_t at_;
};

inline Value::Iterator Value::begin() const noexcept {
    return Iterator(*this, 0);
}

inline Value::Iterator Value::end() const noexcept {
    return Iterator(*this, size());
}

// Why an operation failed. Copies share one object.
class Error : public std::runtime_error {
public:
    // Takes an error of the C library over.
    explicit Error(atk_error *raw)
        : std::runtime_error(raw == nullptr ? "unknown error" : atk_error_message(raw)),
          raw_(raw, atk_error_free) {}

    // `ATK_PLUGIN_EXISTS` and so on.
    std::int32_t number() const noexcept { return atk_error_number(raw_.get()); }
    // The stable identifier (`plugin_exists`).
    std::string_view code() const noexcept {
        const char *id = atk_error_id(raw_.get());
        return id == nullptr ? std::string_view() : std::string_view(id);
    }
    // The status that a command line would exit with.
    std::int32_t exit_code() const noexcept { return atk_error_exit_code(raw_.get()); }
    // What the error is about.
    Value details() const noexcept { return value()["details"]; }
    // The whole document.
    Value value() const noexcept { return Value(atk_error_value(raw_.get()), raw_); }

private:
    std::shared_ptr<atk_error> raw_;
};

namespace detail {

// Fails if a call of the C library did.
inline void check(atk_status status, atk_error *error) {
    if (status != ATK_OK) {
        throw Error(error);
    }
}

} // namespace detail

// The outcome of an operation. Copies share one object.
class Result {
public:
    explicit Result(atk_result *raw) : raw_(raw, atk_result_free) {}

    // The document.
    Value value() const noexcept { return Value(atk_result_value(raw_.get()), raw_); }
    // The same as JSON.
    std::string_view json() const noexcept { return atk_result_json(raw_.get()); }
    // How many plugins the outcome is about.
    std::size_t size() const noexcept { return atk_result_count(raw_.get()); }
    // `ATK_ITEM_DONE` and so on, of a plugin.
    std::uint32_t state(std::size_t index) const noexcept {
        return atk_result_state(raw_.get(), index);
    }
    // The status that a command line would exit with.
    std::int32_t exit_code() const noexcept { return atk_result_exit_code(raw_.get()); }
    const atk_result *get() const noexcept { return raw_.get(); }

private:
    std::shared_ptr<atk_result> raw_;
};

// Cancels operations, from any thread and from a signal handler. Copies share one flag.
class Cancel {
public:
    Cancel() : raw_(atk_cancel_new(), atk_cancel_free) {}
    void cancel() const noexcept { atk_cancel_cancel(raw_.get()); }
    bool is_cancelled() const noexcept { return atk_cancel_is_cancelled(raw_.get()); }
    const atk_cancel *get() const noexcept { return raw_.get(); }

private:
    std::shared_ptr<atk_cancel> raw_;
};

// Something that happened during an operation. A view, for the time of the callback.
class Event {
public:
    explicit Event(const atk_event *raw) noexcept : raw_(raw) {}

    // `ATK_EVENT_STEP` and so on; 0 for what this header does not know.
    std::uint32_t number() const noexcept { return atk_event_number(raw_); }
    // The same as a word.
    std::string_view kind() const noexcept { return atk_event_kind(raw_); }
    // The document.
    Value value() const noexcept { return Value(atk_event_value(raw_)); }
    // Of output, the bytes that the command wrote.
    std::string_view chunk() const noexcept {
        std::size_t size = 0;
        const std::uint8_t *bytes = atk_event_chunk(raw_, &size);
        return std::string_view(reinterpret_cast<const char *>(bytes), size);
    }

private:
    const atk_event *raw_;
};

// A question. A view, for the time of the callback; without an answer it stays open.
class Prompt {
public:
    explicit Prompt(atk_prompt *raw) noexcept : raw_(raw) {}

    std::string_view id() const noexcept { return atk_prompt_id(raw_); }
    std::string_view plugin() const noexcept { return atk_prompt_plugin(raw_); }
    std::string_view message() const noexcept { return atk_prompt_message(raw_); }
    // `ATK_PROMPT_TRUST` and so on.
    std::uint32_t kind() const noexcept { return atk_prompt_kind(raw_); }
    bool is_required() const noexcept { return atk_prompt_required(raw_); }
    // What the answer decides: the commands that will run, say.
    std::vector<std::string> details() const {
        std::vector<std::string> all;
        for (std::size_t at = 0; const char *detail = atk_prompt_detail(raw_, at); ++at) {
            all.emplace_back(detail);
        }
        return all;
    }
    bool is_cancelled() const noexcept { return atk_prompt_is_cancelled(raw_); }

    void answer(bool yes) {
        atk_error *error = nullptr;
        detail::check(atk_prompt_answer_yes(raw_, yes, &error), error);
    }
    void answer(const std::string &text) {
        atk_error *error = nullptr;
        detail::check(atk_prompt_answer_text(raw_, text.c_str(), &error), error);
    }
    void answer(const char *text) { answer(std::string(text)); }
    void answer_default() {
        atk_error *error = nullptr;
        detail::check(atk_prompt_answer_default(raw_, &error), error);
    }

private:
    atk_prompt *raw_;
};

// The embedding program. Callbacks run on the thread that called the operation. An exception in one
// ends the operation, which then throws it.
class Host {
public:
    Host() = default;
    Host(const Host &) = default;
    Host(Host &&) = default;
    Host &operator=(const Host &) = default;
    Host &operator=(Host &&) = default;
    virtual ~Host() = default;
    virtual void on_event(const Event &event) { (void)event; }
    virtual void on_prompt(Prompt &prompt) { (void)prompt; }
};

namespace detail {

// A host as the C library calls it.
class Callbacks {
public:
    explicit Callbacks(Host *host) noexcept : host_(host), table_() {
        table_.struct_size = sizeof table_;
        table_.userdata = this;
        table_.on_event = on_event;
        table_.on_prompt = on_prompt;
    }
    Callbacks(const Callbacks &) = delete;
    Callbacks(Callbacks &&) = delete;
    Callbacks &operator=(const Callbacks &) = delete;
    Callbacks &operator=(Callbacks &&) = delete;
    ~Callbacks() = default;

    const atk_host *get() const noexcept { return host_ == nullptr ? nullptr : &table_; }

    // Throws what a callback threw, else what the call failed with.
    void check(atk_status status, atk_error *error) {
        if (thrown_) {
            atk_error_free(error);
            std::rethrow_exception(thrown_);
        }
        detail::check(status, error);
    }

private:
    template <typename Call> std::int32_t guarded(Call call) noexcept {
        try {
            call();
            return 0;
        } catch (...) {
            thrown_ = std::current_exception();
            return 1;
        }
    }
    static std::int32_t on_event(void *userdata, const atk_event *event) {
        auto *self = static_cast<Callbacks *>(userdata);
        return self->guarded([&] { self->host_->on_event(Event(event)); });
    }
    static std::int32_t on_prompt(void *userdata, atk_prompt *prompt) {
        auto *self = static_cast<Callbacks *>(userdata);
        return self->guarded([&] {
            Prompt asked(prompt);
            self->host_->on_prompt(asked);
        });
    }

    Host *host_;
    atk_host table_;
    std::exception_ptr thrown_;
};

inline const char *or_null(const std::optional<std::string> &text) noexcept {
    return text.has_value() ? text->c_str() : nullptr;
}

inline const atk_cancel *or_null(const Cancel *cancel) noexcept {
    return cancel == nullptr ? nullptr : cancel->get();
}

} // namespace detail

// The settings of a handle. What is not set is taken from the environment.
class HomeOptions {
public:
    HomeOptions() : raw_(nullptr, atk_home_options_free) {
        atk_home_options *raw = nullptr;
        atk_error *error = nullptr;
        detail::check(atk_home_options_from_env(&raw, &error), error);
        raw_.reset(raw);
    }
@SETTERS@
    // Sets a variable for child processes.
    HomeOptions &env(const std::string &name, const std::string &value) {
        atk_error *error = nullptr;
        const char *text = value.c_str();
        detail::check(atk_home_options_set_env(raw_.get(), name.c_str(), text, &error), error);
        return *this;
    }
    // Adds a URL of a registry with a name: the first is the registry, the others are mirrors.
    HomeOptions &registry(const std::string &name, const std::string &url) {
        atk_error *error = nullptr;
        detail::check(
            atk_home_options_add_registry(raw_.get(), name.c_str(), url.c_str(), &error), error);
        return *this;
    }
    atk_home_options *get() const noexcept { return raw_.get(); }

private:
    template <typename Setter, typename Given> HomeOptions &set(Setter setter, Given given) {
        atk_error *error = nullptr;
        detail::check(setter(raw_.get(), given, &error), error);
        return *this;
    }

    std::unique_ptr<atk_home_options, void (*)(atk_home_options *)> raw_;
};

