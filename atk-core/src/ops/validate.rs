//! `validate`: everything that is wrong with a plugin, at once. It changes nothing.

use crate::error::Result;
use crate::outcome::Validation;
use crate::rule::Severity;
use crate::steps::context::Context;
use crate::steps::validated_files;
use crate::validate;

pub(crate) fn run(context: &Context<'_>, typed: Option<&str>, strict: bool) -> Result<Validation> {
    // 1. Find the plugin, and list its files as users get them.
    let found = validated_files::of(context, typed)?;
    // 2. Apply all rules.
    let validated = validate::validate(&found.files, &context.session.cancel)?;
    // 3. Judge.
    let mut outcome = Validation {
        valid: true,
        name: validated.name,
        diagnostics: validated.diagnostics,
        warnings: Vec::new(),
    };
    let errors = outcome.count(Severity::Error);
    let counted = match strict {
        true => errors + outcome.count(Severity::Warning),
        false => errors,
    };
    outcome.valid = counted == 0;
    Ok(outcome)
}
