//! JSON Schemas of the files that people write, made from the types that the files are read into.
//!
//! The types describe a file that was read: everything has its default. What may be left out of a
//! file, and the rules across fields, are added here; the patterns are those of the checks.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::index::IndexFile;
use super::manifest::Manifest;
use super::name::PLUGIN_DIR_PATTERN;
use super::pin::PIN_PATTERN;
use super::plugin::{DEFAULT_COMPOSE_FILE, Definition, pattern};
use super::versions::VersionsFile;

/// Where the schemas are published.
const BASE: &str = "https://raw.githubusercontent.com/Svtoo/atk/main/docs/schema";

/// Returns every schema with its name, in the order of the documentation.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("plugin", plugin()),
        ("overrides", overrides()),
        ("index", index()),
        ("manifest", manifest()),
        ("atk", versions()),
    ]
}

/// A schema that is being changed. A place that does not exist is a defect of this file, which
/// `cargo dev generate` shows.
struct Draft(Value);

impl Draft {
    fn of<T: JsonSchema>(name: &str, title: &str, description: &str) -> Self {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let schema = settings.into_generator().into_root_schema_for::<T>();
        let mut draft = Draft(schema.to_value());
        draft.head(name, title, description);
        draft
    }

    fn head(&mut self, name: &str, title: &str, description: &str) {
        self.set("", "$id", json!(format!("{BASE}/{name}.schema.json")));
        self.set("", "title", json!(title));
        self.set("", "description", json!(description));
    }

    fn at(&mut self, place: &str) -> &mut Value {
        let found = self.0.pointer_mut(place);
        found.unwrap_or_else(|| unreachable!("the schema has no {place}"))
    }

    fn set(&mut self, place: &str, key: &str, value: Value) {
        self.at(place)[key] = value;
    }

    /// Adds keywords to a field.
    fn field(&mut self, of: &str, name: &str, keywords: Value) {
        let field = self.at(&format!("{of}/properties/{name}"));
        for (key, value) in keywords.as_object().into_iter().flatten() {
            field[key] = value.clone();
        }
    }

    /// A field that may be left out, and what it is then.
    fn optional(&mut self, of: &str, name: &str, default: Value) {
        self.field(of, name, json!({ "default": default }));
        self.drop_required(of, &[name]);
    }

    /// A field that may be left out, and then has no value.
    fn drop_required(&mut self, of: &str, names: &[&str]) {
        let required = self.at(of)["required"].as_array_mut();
        let is_kept = |one: &Value| one.as_str().is_none_or(|one| !names.contains(&one));
        required.into_iter().for_each(|all| all.retain(is_kept));
    }

    /// A field that may also be null.
    fn nullable(&mut self, of: &str, name: &str) {
        let field = self.at(&format!("{of}/properties/{name}"));
        let mut inner = field.clone();
        let description = inner
            .as_object_mut()
            .and_then(|keys| keys.remove("description"));
        *field = json!({ "description": description, "anyOf": [inner, { "type": "null" }] });
    }

    /// No other fields than the known ones, in every mapping.
    fn close(&mut self) {
        self.each_mapping(|mapping| mapping["additionalProperties"] = json!(false));
    }

    fn each_mapping(&mut self, mut change: impl FnMut(&mut Value)) {
        change(&mut self.0);
        let parts = self.0["$defs"].as_object_mut().into_iter().flatten();
        for (_, part) in parts.filter(|(_, part)| part["type"] == "object") {
            change(part);
        }
    }
}

fn plugin() -> Value {
    let mut draft = Draft::of::<Definition>(
        "plugin",
        "ATK plugin definition",
        "A plugin definition: `plugin.yaml`.",
    );
    draft.close();
    fields_of_plugin(&mut draft);
    let (lifecycle, mcp) = ("/$defs/Lifecycle", "/$defs/Mcp");
    let given =
        |name: &str, kind: Value| json!({ "required": [name], "properties": { name: kind } });
    let text = || json!({ "type": "string" });
    draft.set(lifecycle, "if", given("install", text()));
    draft.set(lifecycle, "then", given("uninstall", text()));
    let when = |transports: Value, then: Value| json!({ "if": given("transport", transports), "then": then });
    let null = || json!({ "type": "null" });
    let mut stdio = given("command", text());
    stdio["properties"]["endpoint"] = null();
    let mut remote = given("endpoint", text());
    remote["properties"]["command"] = null();
    remote["properties"]["args"] = null();
    let rules = [
        when(json!({ "const": "stdio" }), stdio),
        when(json!({ "enum": ["http", "sse"] }), remote),
    ];
    draft.set(mcp, "allOf", json!(rules));
    draft.0
}

fn fields_of_plugin(draft: &mut Draft) {
    let (service, port, variable, mcp) = (
        "/$defs/Service",
        "/$defs/Port",
        "/$defs/EnvVar",
        "/$defs/Mcp",
    );
    let date = json!({ "pattern": pattern::DATE, "examples": ["2026-01-23"] });
    draft.field("", "schema_version", date);
    let name = json!({ "pattern": pattern::NAME, "maxLength": 255, "examples": ["Memory Box"] });
    draft.field("", "name", name);
    draft.optional("", "maturity", json!("ai-generated"));
    draft.nullable("", "lifecycle");
    draft.optional(service, "type", json!("docker-compose"));
    let path = json!({ "pattern": pattern::PATH, "default": DEFAULT_COMPOSE_FILE });
    draft.field(service, "compose_file", path);
    draft.field(service, "unit_name", json!({ "pattern": pattern::UNIT }));
    let number = json!({
        "description": draft.at(&format!("{port}/properties/port"))["description"],
        "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 65535 },
            { "type": "string", "pattern": "^[1-9][0-9]{0,4}$" },
        ],
        "examples": [8787],
    });
    *draft.at(&format!("{port}/properties/port")) = number;
    draft.optional(port, "protocol", json!("http"));
    let names = json!({ "pattern": pattern::VARIABLE, "examples": ["TOOL_TOKEN"] });
    draft.field(variable, "name", names);
    draft.optional(variable, "required", json!(false));
    draft.optional(variable, "secret", json!(false));
    for list in ["args", "env"] {
        draft.nullable(mcp, list);
    }
    let timeout = draft.at(&format!("{mcp}/properties/timeout"));
    timeout.as_object_mut().map(|keys| keys.remove("format"));
    draft.field(
        mcp,
        "command",
        json!({ "examples": ["npx", "$ATK_PLUGIN_DIR/server.sh"] }),
    );
    draft.field(mcp, "timeout", json!({ "examples": [60000] }));
}

/// The same fields. What an overlay does not have is that of the plugin; lists are replaced whole.
fn overrides() -> Value {
    let mut draft = Draft(plugin());
    draft.head(
        "overrides",
        "ATK plugin overrides",
        "What a user changes in a plugin definition: `custom/overrides.yaml`. Mappings are merged into \
         those of the plugin, lists and single values replace them.",
    );
    draft.set("", "type", json!(["object", "null"]));
    let merged = [
        "",
        "/$defs/Vendor",
        "/$defs/Service",
        "/$defs/Lifecycle",
        "/$defs/Mcp",
    ];
    for place in merged {
        for keyword in ["required", "if", "then", "allOf"] {
            let mapping = draft.at(place).as_object_mut();
            mapping.map(|keys| keys.remove(keyword));
        }
    }
    draft.0
}

fn index() -> Value {
    let mut draft = Draft::of::<IndexFile>(
        "index",
        "ATK registry index",
        "The index of a registry: `index.yaml`. `atk registry build` writes it.",
    );
    draft.drop_required("", &["schema_version"]);
    draft.field("", "schema_version", json!({ "examples": ["2026-01-23"] }));
    draft.0
}

fn manifest() -> Value {
    let mut draft = Draft::of::<Manifest>(
        "manifest",
        "ATK manifest",
        "The manifest of a home: `manifest.yaml`. Other tools may add fields.",
    );
    let (config, entry, source) = ("/$defs/Config", "/$defs/Entry", "/$defs/EntrySource");
    draft.drop_required("", &["config", "plugins"]);
    draft.optional(config, "auto_commit", json!(true));
    draft.optional(config, "auto_push", json!(false));
    draft.field(
        entry,
        "directory",
        json!({ "pattern": PLUGIN_DIR_PATTERN, "maxLength": 255 }),
    );
    draft.drop_required(source, &["ref", "url"]);
    draft.field(source, "ref", json!({ "pattern": PIN_PATTERN }));
    let is_git = json!({ "properties": { "type": { "const": "git" } } });
    draft.set(source, "if", is_git);
    let needs_url = json!({ "required": ["url"], "properties": { "url": { "type": "string" } } });
    draft.set(source, "then", needs_url);
    draft.0
}

fn versions() -> Value {
    let mut draft = Draft::of::<VersionsFile>(
        "atk",
        "ATK versions and registries",
        "Which versions of its plugins a home follows, and which registries it uses: `atk.yaml`. Fields that \
         ATK does not know stay.",
    );
    let followed = "/$defs/Followed";
    draft.drop_required("", &["schema_version", "plugins", "registries"]);
    draft.optional("", "offline", json!(false));
    draft.drop_required(followed, &["ref", "track"]);
    draft.optional(followed, "held", json!(false));
    draft.field(followed, "ref", json!({ "pattern": PIN_PATTERN }));
    let registry = "/$defs/RegistryEntry";
    draft.drop_required(registry, &["mirrors"]);
    let not_default = json!({ "const": "default" });
    let name = json!({ "pattern": PLUGIN_DIR_PATTERN, "maxLength": 255, "not": not_default, "examples": ["team"] });
    draft.field(registry, "name", name);
    let url = json!({ "examples": ["git@git.example.com:tools/registry.git"] });
    draft.field(registry, "url", url);
    draft.0
}
