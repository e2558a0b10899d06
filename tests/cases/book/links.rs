//! The links of a page to files and headings of the project.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The links of a page that lead nowhere.
pub(super) fn broken(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let mut broken = Vec::new();
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) =
            event
        else {
            continue;
        };
        if dest_url.contains("://") {
            continue;
        }
        let (path, heading) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
        let file = if path.is_empty() {
            page.to_owned()
        } else {
            page.parent().unwrap().join(path)
        };
        let leads = file.exists()
            && (heading.is_empty() || headings(&file).iter().any(|one| one == heading));
        if !leads {
            let place = page.strip_prefix(super::top()).unwrap().display();
            broken.push(format!("{place}: `{dest_url}` leads nowhere"));
        }
    }
    broken
}

/// The anchors of the headings of a page, as code hosts and mdBook write them.
fn headings(page: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let mut found = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(&text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                found.extend(heading.take().map(|text| anchor(&text)))
            }
            _ => {}
        }
    }
    found
}

fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars()
        .filter(|c| c.is_alphanumeric() || "-_".contains(*c))
        .collect()
}
