//! What of the description of the API no scenario touches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::scenario::Scenario;

/// What has no scenario, as `operation add`, `option add.at`, `prompt trust`, `error io`, without what
/// `reasons` explains. A reason for what has a scenario is listed too.
#[must_use]
pub fn missing(
    api: &Value,
    scenarios: &[Scenario],
    reasons: &BTreeMap<String, String>,
) -> Vec<String> {
    let wanted = wanted(api);
    let found = found(scenarios);
    let lacking = wanted.iter().filter(|one| !found.contains(*one));
    let lacking = lacking.filter(|one| !reasons.contains_key(*one)).cloned();
    let idle = reasons
        .keys()
        .filter(|one| found.contains(*one) || !wanted.contains(*one));
    let idle = idle.map(|one| format!("{one}: its reason is not needed"));
    lacking.chain(idle).collect()
}

fn wanted(api: &Value) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for operation in api["operations"].as_array().into_iter().flatten() {
        let name = operation["name"].as_str().unwrap_or_default();
        wanted.insert(format!("operation {name}"));
        let lists = ["options", "answers"].map(|list| operation[list].as_array());
        for option in lists.into_iter().flatten().flatten() {
            // Answers are one group, whose options every operation reads by the same code.
            let option = option.as_str().unwrap_or_default();
            let is_answer = ["answers", "env", "trust", "yes"].contains(&option);
            wanted.insert(match is_answer {
                true => format!("option {option}"),
                false => format!("option {name}.{option}"),
            });
        }
    }
    for option in api["options"].as_object().into_iter().flatten() {
        wanted.insert(format!("option home.{}", option.0));
    }
    for kind in api["error_kinds"].as_array().into_iter().flatten() {
        let code = kind["code"].as_str().unwrap_or_default();
        wanted.insert(format!("error {code}"));
    }
    for kind in ["confirm", "trust", "text", "secret"] {
        wanted.insert(format!("prompt {kind}"));
    }
    wanted
}

fn found(scenarios: &[Scenario]) -> BTreeSet<String> {
    // The surroundings of every scenario give these.
    let mut found: BTreeSet<String> = [
        "registry",
        "cache_dir",
        "base_dir",
        "user_home",
        "atk",
        "env",
    ]
    .iter()
    .map(|option| format!("option home.{option}"))
    .collect();
    for step in scenarios.iter().flat_map(Scenario::calls) {
        let name = step.call.as_deref().unwrap_or_default();
        found.insert(format!("operation {name}"));
        for option in step.given.keys() {
            found.insert(format!("option {option}"));
            found.insert(format!("option {name}.{option}"));
        }
        let home = step.home.keys();
        found.extend(home.map(|option| format!("option home.{option}")));
        let mut errors = vec![step.error.as_ref()];
        let lines = step
            .outcome
            .as_ref()
            .and_then(|outcome| outcome["plugins"].as_array());
        let lines = lines.into_iter().flatten();
        errors.extend(lines.map(|line| line.get("error")));
        let codes = errors.into_iter().flatten();
        let codes = codes.filter_map(|error| error["code"].as_str());
        found.extend(codes.map(|code| format!("error {code}")));
        for id in step.prompts.iter().flatten() {
            let kind = match id.split(':').next() {
                Some("env") if id.ends_with("TOKEN") => "secret",
                Some("env") => "text",
                Some(kind) => kind,
                None => continue,
            };
            found.insert(format!("prompt {kind}"));
        }
    }
    found
}
