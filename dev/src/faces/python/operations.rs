//! Operations: the methods of `Home`, blocking and as coroutines, and the options of a handle.

use std::fmt::Write as _;

use crate::api::{Api, Field, Operation, Type};
use crate::prose::wrapped;

use super::module::Module;
use super::words::{Place, WIDTH, annotation, docstring, documented, identifier, prose};

/// The operations that are functions too, because they touch no home.
const WITHOUT_HOME: &[&str] = &["resolve", "fetch"];

const HOME: &str = "A handle on a home: the git-backed directory that plugins live in.\n\n\
Opening one reads nothing; each operation checks what it needs. Several threads may use a handle \
at once.\n\n\
Operations release the interpreter while they work and call callbacks on the calling thread. \
Ctrl-C ends them with `KeyboardInterrupt`, and the home is then as it was before. An exception in a \
callback cancels the operation and is raised unchanged, except that `OperationFinished` comes too \
late to undo anything. A callback may read the home and change other homes. An output event \
goes to `on_event` and to `on_output`, if both are given.\n\n\
Without `on_event`, messages and warnings go to the logger `atk` of the module `logging`.";

const COROUTINES: &str = "The operations as coroutines.\n\n\
Each runs on a worker thread. Cancelling the task cancels the operation and waits until it has \
ended, so no thread is left behind and the home is as it was before. Callbacks run on the event \
loop while the operation waits; they may be coroutine functions. An exception in a callback is \
raised unchanged.";

/// A name, and what it means.
type Doc = (&'static str, &'static str);

/// An operation in Python's words.
struct Method<'a> {
    operation: &'a Operation,
    positional: Vec<String>,
    keyword: Vec<String>,
    outcome: String,
    /// How the arguments are passed on.
    passed: Vec<String>,
    /// The request, an entry for each argument and option.
    request: Vec<String>,
    /// How the callbacks are passed on.
    callbacks: Vec<String>,
}

impl Method<'_> {
    fn new<'a>(api: &Api, operation: &'a Operation, on_prompt: &str) -> Result<Method<'a>, String> {
        let outcome = match &operation.outcome {
            Type::List(inner) => {
                let inner = annotation(api, inner, Place::Model, &operation.name)?;
                format!("builtins.list[{inner}]")
            }
            kind => annotation(api, kind, Place::Model, &operation.name)?,
        };
        let mut method = Method {
            operation,
            positional: Vec::new(),
            keyword: Vec::new(),
            outcome,
            passed: Vec::new(),
            request: Vec::new(),
            callbacks: Vec::new(),
        };
        for argument in &operation.arguments {
            let field = &argument.field;
            // `git("log", "-1")`
            let is_variadic = operation.arguments.len() == 1 && matches!(field.kind, Type::List(_));
            method.argument(api, field, argument.is_required, is_variadic)?;
        }
        for option in operation.options.iter().chain(&operation.answers) {
            let declared = parameter(api, option, false)?;
            method.keyword.push(declared);
            method.passed.push(format!("{0}={0}", option.name));
            method.request.push(entry(option, false)?);
        }
        if operation.options.iter().any(|option| option.name == PLAN) {
            method.follow_plan();
        }
        let waits = operation.has_events || operation.has_prompts || operation.has_output;
        let callbacks = [
            (operation.has_events, "on_event", "OnEvent"),
            (operation.has_output, "on_output", "OnOutput"),
            (operation.has_prompts, "on_prompt", on_prompt),
            (waits, "cancel", "CancelToken"),
        ];
        for (_, name, kind) in callbacks.iter().filter(|(has, ..)| *has) {
            method.keyword.push(format!("{name}: {kind} | None = None"));
            method.callbacks.push(format!("{name}={name}"));
        }
        Ok(method)
    }

    fn argument(
        &mut self,
        api: &Api,
        field: &Field,
        is_required: bool,
        is_variadic: bool,
    ) -> Result<(), String> {
        let name = identifier(&field.name)?;
        if is_variadic {
            self.positional.push(format!("*{name}: str"));
            self.passed.push(format!("*{name}"));
            self.request.push(entry(field, true)?);
            return Ok(());
        }
        // A list may always be empty.
        let is_required = is_required && !matches!(field.kind, Type::List(_));
        self.positional.push(parameter(api, field, is_required)?);
        self.passed.push(name.to_owned());
        self.request.push(entry(field, is_required)?);
        Ok(())
    }

    /// A plan without a plugin is of its own plugin.
    fn follow_plan(&mut self) {
        for entry in &mut self.request {
            *entry = entry.replace(
                "(\"plugin\", plugin,",
                "(\"plugin\", planned_plugin(plugin, plan),",
            );
        }
    }

    /// The first lines, with the documentation.
    fn head(&self, indent: usize, start: &str, first: &str, rest: &str, outcome: &str) -> String {
        let mut words: Vec<&str> = Vec::new();
        words.extend(Some(first).filter(|first| !first.is_empty()));
        words.extend(self.positional.iter().map(String::as_str));
        let is_variadic = self.positional.iter().any(|word| word.starts_with('*'));
        if !self.keyword.is_empty() && !is_variadic {
            words.push("*");
        }
        words.extend(self.keyword.iter().map(String::as_str));
        words.extend(Some(rest).filter(|rest| !rest.is_empty()));
        let name = &self.operation.name;
        call(
            indent,
            &format!("{start} {name}("),
            &words,
            &format!(") -> {outcome}:"),
        )
    }

    /// The documentation: what the operation does, then its arguments and options, between those
    /// of the caller.
    fn doc(&self, indent: usize, first: &[Doc], last: &[Doc]) -> String {
        let mut text = docstring(&self.operation.doc, indent);
        let fields = self.operation.arguments.iter().map(|argument| {
            let field = &argument.field;
            let is_all = field.name == "plugin" && !argument.is_required;
            let all = if is_all {
                " Without it, all plugins."
            } else {
                ""
            };
            // A relative path is made absolute.
            let doc = field.doc.replacen("The absolute path of", "The path of", 1);
            (field.name.as_str(), doc + all)
        });
        let options = self.operation.options.iter().chain(&self.operation.answers);
        let options = options.map(|option| (option.name.as_str(), option.doc.clone()));
        let owned = |(name, doc): &Doc| (*name, (*doc).to_owned());
        let all = first.iter().map(owned).chain(fields).chain(options);
        let all: Vec<_> = all.chain(last.iter().map(owned)).collect();
        if all.is_empty() {
            return text;
        }
        let space = " ".repeat(indent);
        text.truncate(text.trim_end().len() - 3);
        text.truncate(text.trim_end().len());
        let _ = write!(text, "\n\n{space}Args:\n");
        for (name, doc) in all {
            let doc = format!("{name}: {}", prose(&doc));
            for (number, line) in wrapped(&doc, WIDTH - indent - 8).iter().enumerate() {
                let hang = if number > 0 { "    " } else { "" };
                let _ = writeln!(text, "{space}    {hang}{line}");
            }
        }
        let _ = writeln!(text, "{space}\"\"\"");
        text
    }

    /// The call of the native half.
    fn native(&self, start: &str, outcome: &str) -> String {
        let mut text = String::new();
        let request: Vec<&str> = self.request.iter().map(String::as_str).collect();
        let mut words = vec![outcome.to_owned(), format!("\"{}\"", self.operation.name)];
        if request.is_empty() {
            words.push("{}".to_owned());
        } else {
            text += &call(8, "request = {", &request, "}");
            words.push("request".to_owned());
        }
        words.extend(self.callbacks.iter().cloned());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        text + &call(8, start, &words, ")")
    }

    /// The call of another form of the same operation.
    fn forward(&self, indent: usize, start: &str, first: &str, end: &str) -> String {
        let words = self.passed.iter().chain(&self.callbacks);
        let mut words: Vec<&str> = words.map(String::as_str).collect();
        if !first.is_empty() {
            words.insert(0, first);
        }
        call(indent, start, &words, end)
    }
}

/// `Home`, with blocking operations.
pub(super) fn blocking(api: &Api) -> Result<Module, String> {
    let mut body = format!("\n\nclass Home(Handle):\n{}", docstring(HOME, 4));
    let mut functions = String::new();
    for operation in api.operations.iter().filter(|one| one.name != WATCH) {
        let method = Method::new(api, operation, "OnPrompt")?;
        if operation.name == "init" {
            body += &initializer(&method, "def", &method.native("home._call(", "object"));
            continue;
        }
        let (name, outcome) = (&operation.name, &method.outcome);
        body.push('\n');
        body += &method.head(4, "def", "self", "", outcome);
        body += &method.doc(8, &[], &[]);
        body += &method.native("return self._call(", outcome);
        if let Some(alias) = &operation.alias {
            let _ = write!(body, "\n    {alias} = {name}\n");
        }
        if WITHOUT_HOME.contains(&name.as_str()) {
            functions += &function(
                &method,
                "def",
                &format!("return Home(**options).{name}("),
                ")",
            );
        }
    }
    Ok(Module {
        name: "_home",
        doc: "A home, and the operations on it.".to_owned(),
        names: names("Home"),
        body: body + &functions,
    })
}

/// `atk.aio.Home`, whose operations are coroutines.
pub(super) fn coroutines(api: &Api) -> Result<Module, String> {
    let doc =
        "A handle on a home whose operations are coroutines. See `atk.Home` for what they do.";
    let mut body = format!("\n\nclass Home(AsyncHandle):\n{}", docstring(doc, 4));
    let mut functions = String::new();
    for operation in api.operations.iter().filter(|one| one.name != WATCH) {
        let method = Method::new(api, operation, "AsyncOnPrompt")?;
        if operation.name == "init" {
            let native = method.native("await run_blocking(home.sync._call, ", "object");
            body += &initializer(&method, "async def", &native);
            continue;
        }
        let (name, outcome) = (&operation.name, &method.outcome);
        body.push('\n');
        body += &method.head(4, "async def", "self", "", outcome);
        let _ = writeln!(body, "        \"\"\"See `atk.Home.{name}`.\"\"\"");
        body += &method.forward(
            8,
            "return await run_blocking(",
            &format!("self.sync.{name}"),
            ")",
        );
        if let Some(alias) = &operation.alias {
            let _ = write!(body, "\n    {alias} = {name}\n");
        }
        if WITHOUT_HOME.contains(&name.as_str()) {
            let start = format!("return await Home(**options).{name}(");
            functions += &function(&method, "async def", &start, ")");
        }
    }
    functions +=
        "\n\n__all__ = [\"AsyncOnPrompt\", \"AsyncWatch\", \"Home\", \"fetch\", \"resolve\"]\n";
    let doc = docstring(COROUTINES, 0);
    let doc = doc.trim().trim_matches('"');
    Ok(Module {
        name: "aio",
        doc: doc.to_owned(),
        names: names("Home"),
        body: body + &functions,
    })
}

fn names(class: &str) -> Vec<String> {
    let names = WITHOUT_HOME.iter().chain([&class]);
    names.map(|name| (*name).to_owned()).collect()
}

const OF_HANDLE: Doc = ("options", "The options of the handle.");

/// `init`: a constructor.
fn initializer(method: &Method<'_>, start: &str, native: &str) -> String {
    let init = Method {
        operation: method.operation,
        positional: vec!["path: StrPath | None = None".to_owned()],
        keyword: method.keyword.clone(),
        outcome: String::new(),
        passed: Vec::new(),
        request: Vec::new(),
        callbacks: Vec::new(),
    };
    let head = init.head(4, start, "cls", "**options: Unpack[Options]", "Self");
    let path = ("path", "The home. Without it `ATK_HOME`, else `~/.atk`.");
    let doc = init.doc(8, &[path], &[OF_HANDLE]);
    format!(
        "\n    @classmethod\n{head}{doc}        home = cls(path, **options)\n{native}        return home\n\
         \n    @classmethod\n{}",
        cloner(start)
    )
}

/// `clone`: `init` with a URL.
fn cloner(start: &str) -> String {
    let words = [
        "cls",
        "url: StrPath",
        "path: StrPath | None = None",
        "*",
        "on_event: OnEvent | None = None",
        "cancel: CancelToken | None = None",
        "**options: Unpack[Options]",
    ];
    let head = call(4, &format!("{start} clone("), &words, ") -> Self:");
    let wait = if start == "def" { "" } else { "await " };
    let doc = "Clones a home from its repository: the same as `init` with `url`. Nothing of it \
        runs. `Home(path).bootstrap(url)` clones a home and installs its plugins.";
    format!(
        "{head}{}        return {wait}cls.init(path, url=url, on_event=on_event, cancel=cancel, **options)\n",
        docstring(doc, 8)
    )
}

/// An operation without a home, as a function.
fn function(method: &Method<'_>, start: &str, forward: &str, end: &str) -> String {
    let head = method.head(0, start, "", "**options: Unpack[Options]", &method.outcome);
    let doc = method.doc(4, &[], &[OF_HANDLE]);
    format!("\n\n{head}{doc}{}", method.forward(4, forward, "", end))
}

/// The options of a handle.
pub(super) fn options(api: &Api) -> Result<Module, String> {
    let doc = documented("What opening a home takes besides the path.", &api.options);
    let mut body = "\nStrPath = str | os.PathLike[str]\n".to_owned();
    let _ = write!(body, "\n\nclass Options(TypedDict, total=False):\n{doc}\n");
    let mut kinds = String::new();
    for option in &api.options {
        let kind = match &option.kind {
            Type::Optional(inner) => inner,
            kind => kind,
        };
        let _ = writeln!(
            kinds,
            "    \"{}\": \"{}\",",
            option.name,
            option_kind(&option.name, kind)?
        );
        let kind = annotation(api, kind, Place::Input, &option.name)?;
        let name = identifier(&option.name)?;
        let _ = write!(
            body,
            "    {name}: {kind} | None\n{}",
            docstring(&option.doc, 4)
        );
    }
    let _ = write!(
        body,
        "\n\nKINDS = {{\n{kinds}}}\n\"\"\"What kind of value each option has.\"\"\"\n"
    );
    Ok(Module {
        name: "_options",
        doc: "The options of a handle.".to_owned(),
        names: vec![
            "Options".to_owned(),
            "StrPath".to_owned(),
            "KINDS".to_owned(),
        ],
        body,
    })
}

/// How an option is checked.
fn option_kind(name: &str, kind: &Type) -> Result<&'static str, String> {
    Ok(match kind {
        Type::Text => "text",
        Type::Path => "path",
        Type::Bool => "flag",
        Type::Integer(_) => "integer",
        Type::Number => "number",
        Type::Map(inner) if matches!(**inner, Type::List(_)) => "lists",
        Type::Map(_) => "pairs",
        Type::Optional(inner) => option_kind(name, inner)?,
        kind => return Err(format!("Python has no way to pass `{name}`: {kind:?}")),
    })
}

/// The option that takes plans, or their digests.
const PLAN: &str = "plan";
/// The argument that is a path, a URL or a name.
const SOURCE: &str = "source";
/// The argument and option that is the URL, or the path, of a repository.
const URL: &str = "url";
/// An operation whose method is written by hand: it returns an iterator.
const WATCH: &str = "watch";

/// A parameter with its default.
fn parameter(api: &Api, field: &Field, is_required: bool) -> Result<String, String> {
    let kind = match field.name.as_str() {
        PLAN => "Plan | Iterable[Plan] | None".to_owned(),
        SOURCE => "StrPath".to_owned(),
        URL if is_required => "StrPath".to_owned(),
        URL => "StrPath | None".to_owned(),
        name => annotation(api, &field.kind, Place::Input, name)?,
    };
    let name = identifier(&field.name)?;
    Ok(match &field.kind {
        _ if name == PLAN || (name == URL && !is_required) => format!("{name}: {kind} = None"),
        _ if is_required => format!("{name}: {kind}"),
        Type::Bool => format!("{name}: {kind} = False"),
        Type::List(_) => format!("{name}: {kind} = ()"),
        Type::Optional(_) => format!("{name}: {kind} = None"),
        _ => format!("{name}: {kind} | None = None"),
    })
}

/// An entry of a request: a checked argument or option.
fn entry(field: &Field, is_required: bool) -> Result<String, String> {
    let name = &field.name;
    let optional = if is_required { "" } else { ", optional=True" };
    let kind = match &field.kind {
        Type::Optional(inner) => inner,
        kind => kind,
    };
    let checked = match kind {
        _ if name == PLAN => format!("checked_plan(\"{name}\", {name})"),
        _ if name == SOURCE => format!("checked_source(\"{name}\", {name}{optional})"),
        _ if name == URL => format!("checked_url(\"{name}\", {name}{optional})"),
        Type::Text => format!("checked_text(\"{name}\", {name}{optional})"),
        Type::Path => format!("checked_path(\"{name}\", {name}, self._user_home{optional})"),
        Type::Bool => format!("checked_flag(\"{name}\", {name})"),
        Type::Integer(_) => format!("checked_count(\"{name}\", {name}{optional})"),
        Type::List(_) => format!("checked_texts(\"{name}\", {name})"),
        Type::Map(_) => format!("checked_pairs(\"{name}\", {name})"),
        kind => return Err(format!("Python has no way to check `{name}`: {kind:?}")),
    };
    Ok(format!("\"{name}\": {checked}"))
}

/// Words between brackets: on one line if they fit, else on a line each.
fn call(indent: usize, start: &str, words: &[&str], end: &str) -> String {
    let space = " ".repeat(indent);
    let line = format!("{space}{start}{}{end}\n", words.join(", "));
    if line.len() <= WIDTH + 1 {
        return line;
    }
    let words = words.iter().map(|word| format!("{space}    {word},\n"));
    format!(
        "{space}{start}\n{}{space}{end}\n",
        words.collect::<String>()
    )
}
