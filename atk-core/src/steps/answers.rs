//! Questions: answers given beforehand first, then the host.

use crate::error::{Error, ErrorKind, Result};
use crate::host::{CancelToken, Host, Prompt, PromptKind, Reply};
use crate::outcome::Answers;
use crate::text::escape;

/// Where answers come from.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) answers: &'a Answers,
    pub(crate) host: &'a dyn Host,
    pub(crate) cancel: &'a CancelToken,
}

impl Ask<'_> {
    /// The answer to a question: the one given for its id, else a general yes, else the host's.
    /// A cancel wins over whatever the host said.
    pub(crate) fn reply(&self, prompt: Prompt) -> Result<Reply> {
        let is_yes_or_no = matches!(prompt.kind, PromptKind::Confirm | PromptKind::Trust);
        if let Some(answer) = self.answers.by_id.get(&prompt.id) {
            return if is_yes_or_no {
                yes_or_no(&prompt.id, answer)
            } else {
                Ok(Reply::Text(answer.clone()))
            };
        }
        if is_yes_or_no && self.answers.yes {
            return Ok(Reply::Yes);
        }
        self.cancel.check()?;
        let reply = self.host.prompt(prompt, self.cancel);
        self.cancel.check()?;
        Ok(reply?)
    }
}

impl Ask<'_> {
    /// The answer to a question for a text, as far as it was given beforehand.
    pub(crate) fn reply_beforehand(&self, prompt: &Prompt) -> Reply {
        match self.answers.by_id.get(&prompt.id) {
            Some(answer) => Reply::Text(answer.clone()),
            None => Reply::Unanswered,
        }
    }
}

fn yes_or_no(id: &str, answer: &str) -> Result<Reply> {
    match answer.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" => Ok(Reply::Yes),
        "no" | "n" | "false" => Ok(Reply::No),
        _ => Err(Error::new(
            ErrorKind::InvalidArgument,
            format!("the answer to `{}` is neither `yes` nor `no`", escape(id)),
        )
        .with_prompt(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HostError;

    struct Says(Reply, Option<CancelToken>);

    impl Host for Says {
        fn prompt(&self, _: Prompt, _: &CancelToken) -> std::result::Result<Reply, HostError> {
            if let Some(token) = &self.1 {
                token.cancel();
            }
            Ok(self.0.clone())
        }
    }

    fn question(kind: PromptKind) -> Prompt {
        Prompt {
            id: "trust:tool".into(),
            plugin: "tool".into(),
            kind,
            message: "run?".into(),
            details: Vec::new(),
            default: None,
            required: true,
            position: (1, 1),
        }
    }

    fn ask(answers: &Answers, host: &dyn Host) -> Result<Reply> {
        let cancel = CancelToken::new();
        Ask {
            answers,
            host,
            cancel: &cancel,
        }
        .reply(question(PromptKind::Trust))
    }

    #[test]
    fn an_answer_by_id_comes_before_a_general_yes_and_the_host() {
        let mut answers = Answers {
            yes: true,
            ..Answers::default()
        };
        assert_eq!(ask(&answers, &Says(Reply::No, None)).unwrap(), Reply::Yes);
        answers.by_id.insert("trust:tool".into(), "no".into());
        assert_eq!(ask(&answers, &Says(Reply::Yes, None)).unwrap(), Reply::No);
        answers.by_id.insert("trust:tool".into(), "perhaps".into());
        let error = ask(&answers, &Says(Reply::Yes, None)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }

    #[test]
    fn a_cancel_wins_over_the_answer() {
        let cancel = CancelToken::new();
        let host = Says(Reply::Yes, Some(cancel.clone()));
        let answers = Answers::default();
        let ask = Ask {
            answers: &answers,
            host: &host,
            cancel: &cancel,
        };
        let error = ask.reply(question(PromptKind::Confirm)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
