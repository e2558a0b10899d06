//! Which file of a crate takes which names from which other file, read from its sources. Names that
//! a module only hands on (`pub use`) count for the file that defines them, and are no import of the
//! module's own. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// The path of a module below the crate's root.
type ModulePath = Vec<String>;

/// What a name of a module stands for.
enum Meaning {
    /// Something that the file itself defines.
    Defined,
    Module(ModulePath),
    /// What an import names, as a path from the crate's root.
    Imported(Vec<String>),
}

#[derive(Default)]
struct Module {
    file: String,
    names: BTreeMap<String, Meaning>,
    /// Modules of which everything is imported.
    globs: Vec<Vec<String>>,
    /// Every path that the file names, from the crate's root.
    used: BTreeSet<Vec<String>>,
    /// What it only hands on, by the name it has here, until its own code names it.
    handed_on: BTreeMap<String, Vec<String>>,
}

/// The imports between the files of a crate.
pub(super) struct Imports {
    /// From, to, and the name.
    edges: BTreeSet<(String, String, String)>,
}

impl Imports {
    /// Reads the sources in a directory.
    pub(super) fn of(src: &Path) -> Self {
        let mut sources = BTreeMap::new();
        collect(src, src, &mut sources);
        assert!(!sources.is_empty(), "{} has no sources", src.display());
        Imports::of_sources(&sources)
    }

    /// Takes sources by their paths below the directory of `lib.rs`.
    pub(super) fn of_sources(sources: &BTreeMap<String, String>) -> Self {
        let mut modules = BTreeMap::new();
        for root in ["lib.rs", "main.rs"] {
            if sources.contains_key(root) {
                read(root, &[], sources, &mut modules);
            }
        }
        let mut edges = BTreeSet::new();
        for module in modules.values() {
            for path in &module.used {
                if let Some((file, name)) = find(&modules, path, 0)
                    && file != module.file
                {
                    edges.insert((module.file.clone(), file, name));
                }
            }
        }
        Imports { edges }
    }

    /// Every import: from, to, and the name.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.edges
            .iter()
            .map(|(from, to, name)| (from.as_str(), to.as_str(), name.as_str()))
    }

    /// Sets of files that import each other in a circle, each as its imports.
    pub(super) fn circles(&self) -> Vec<Vec<String>> {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (from, to, _) in self.all() {
            next.entry(from).or_default().insert(to);
        }
        let reached: BTreeMap<&str, BTreeSet<&str>> = next
            .keys()
            .map(|file| (*file, reach(&next, file)))
            .collect();
        let mut circles: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
        for (file, others) in &reached {
            if others.contains(file) {
                let back = |other: &&&str| {
                    reached
                        .get(**other)
                        .is_some_and(|others| others.contains(file))
                };
                circles.insert(others.iter().filter(back).copied().collect());
            }
        }
        let edges = |circle: BTreeSet<&str>| {
            let inside = self
                .all()
                .filter(|(from, to, _)| circle.contains(from) && circle.contains(to));
            inside
                .map(|(from, to, name)| format!("{from} -> {to}: {name}"))
                .collect()
        };
        circles.into_iter().map(edges).collect()
    }
}

fn reach<'a>(next: &BTreeMap<&'a str, BTreeSet<&'a str>>, file: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&str> = next.get(file).into_iter().flatten().copied().collect();
    while let Some(file) = pending.pop() {
        if found.insert(file) {
            pending.extend(next.get(file).into_iter().flatten());
        }
    }
    found
}

fn collect(root: &Path, dir: &Path, sources: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).expect("a readable directory") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let below = path.strip_prefix(root).expect("a path below the root");
            let text = fs::read_to_string(&path).expect("a readable file");
            sources.insert(below.to_string_lossy().into_owned(), text);
        }
    }
}

/// Reads a file and its child modules.
fn read(
    file: &str,
    path: &[String],
    sources: &BTreeMap<String, String>,
    modules: &mut BTreeMap<ModulePath, Module>,
) {
    let text = sources.get(file).expect("a source");
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut module = Module {
        file: file.to_owned(),
        ..Module::default()
    };
    let mut children = Vec::new();
    declare(&parsed.items, path, &mut module, &mut children);
    let mut paths = Paths {
        path,
        module: &mut module,
    };
    paths.visit_file(&parsed);
    modules.insert(path.to_owned(), module);
    for child in children {
        let name = child.join("/");
        let candidates = [format!("{name}.rs"), format!("{name}/mod.rs")];
        let file = candidates.iter().find(|file| sources.contains_key(*file));
        let file = file.unwrap_or_else(|| panic!("{name} has no file"));
        read(file, &child, sources, modules);
    }
}

/// Records the names that the items of a module define, hand on or import.
fn declare(items: &[Item], path: &[String], module: &mut Module, children: &mut Vec<ModulePath>) {
    for item in items {
        let mut define = |name: &syn::Ident| {
            module.names.insert(name.to_string(), Meaning::Defined);
        };
        match item {
            Item::Const(item) => define(&item.ident),
            Item::Enum(item) => define(&item.ident),
            Item::Fn(item) => define(&item.sig.ident),
            Item::Static(item) => define(&item.ident),
            Item::Struct(item) => define(&item.ident),
            Item::Trait(item) => define(&item.ident),
            Item::Type(item) => define(&item.ident),
            Item::Union(item) => define(&item.ident),
            Item::Macro(item) => item.ident.iter().for_each(define),
            Item::Mod(item) if is_for_tests(&item.attrs) => {}
            Item::Mod(item) if item.content.is_some() => define(&item.ident),
            Item::Mod(item) => {
                let mut child = path.to_owned();
                child.push(item.ident.to_string());
                let meaning = Meaning::Module(child.clone());
                module.names.insert(item.ident.to_string(), meaning);
                children.push(child);
            }
            Item::Use(item) if !is_for_tests(&item.attrs) => {
                let mut leaves = Vec::new();
                flatten(&item.tree, Vec::new(), &mut leaves);
                for (leaf, local) in leaves {
                    let Some(leaf) = from_root(&leaf, path, &module.names) else {
                        continue;
                    };
                    if local == "*" {
                        module.globs.push(leaf);
                    } else {
                        if matches!(item.vis, syn::Visibility::Inherited) {
                            module.used.insert(leaf.clone());
                        } else {
                            module.handed_on.insert(local.clone(), leaf.clone());
                        }
                        module.names.insert(local, Meaning::Imported(leaf));
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "test")
    })
}

/// The paths of an import, each with the name that it has here.
fn flatten(tree: &UseTree, mut path: Vec<String>, leaves: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            flatten(&tree.tree, path, leaves);
        }
        UseTree::Name(tree) if tree.ident == "self" => {
            let local = path.last().cloned().unwrap_or_default();
            leaves.push((path, local));
        }
        UseTree::Name(tree) => {
            path.push(tree.ident.to_string());
            leaves.push((path, tree.ident.to_string()));
        }
        UseTree::Rename(tree) => {
            if tree.ident != "self" {
                path.push(tree.ident.to_string());
            }
            leaves.push((path, tree.rename.to_string()));
        }
        UseTree::Glob(_) => leaves.push((path, "*".to_owned())),
        UseTree::Group(tree) => {
            for tree in &tree.items {
                flatten(tree, path.clone(), leaves);
            }
        }
    }
}

/// A path from the crate's root; None if it leads into another crate.
fn from_root(
    path: &[String],
    here: &[String],
    names: &BTreeMap<String, Meaning>,
) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut start = match first.as_str() {
        "crate" => Vec::new(),
        "self" => here.to_owned(),
        "super" => here.get(..here.len().checked_sub(1)?)?.to_owned(),
        name => match names.get(name)? {
            Meaning::Module(path) | Meaning::Imported(path) => path.clone(),
            Meaning::Defined => return None,
        },
    };
    for segment in rest {
        if segment == "super" {
            start.pop();
        } else {
            start.push(segment.clone());
        }
    }
    Some(start)
}

/// The file that defines what a path names, and the name there. None for a module itself, and for
/// what is not found: a method, or a name that a macro defines.
fn find(
    modules: &BTreeMap<ModulePath, Module>,
    path: &[String],
    depth: usize,
) -> Option<(String, String)> {
    // Longer than any chain of names that are handed on.
    if depth > 32 {
        return None;
    }
    let mut here = Vec::new();
    for (index, segment) in path.iter().enumerate() {
        let module = modules.get(&here)?;
        match module.names.get(segment) {
            Some(Meaning::Module(child)) => here.clone_from(child),
            Some(Meaning::Defined) => return Some((module.file.clone(), segment.clone())),
            Some(Meaning::Imported(to)) => {
                let to: Vec<_> = to.iter().chain(path.get(index + 1..)?).cloned().collect();
                return find(modules, &to, depth + 1);
            }
            None => {
                return module.globs.iter().find_map(|glob| {
                    let to: Vec<_> = glob.iter().chain(path.get(index..)?).cloned().collect();
                    find(modules, &to, depth + 1)
                });
            }
        }
    }
    None
}

/// Records every path that the code names, in macros too.
struct Paths<'m> {
    path: &'m [String],
    module: &'m mut Module,
}

impl Paths<'_> {
    fn record(&mut self, path: &[String]) {
        if let [name] = path
            && let Some(path) = self.module.handed_on.get(name)
        {
            self.module.used.insert(path.clone());
        }
        if path.len() > 1
            && let Some(path) = from_root(path, self.path, &self.module.names)
        {
            self.module.used.insert(path);
        }
    }

    fn record_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.record(&path);
                        path.clear();
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    colons = 0;
                    self.record(&path);
                    path.clear();
                    self.record_tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => colons = 0,
            }
        }
        self.record(&path);
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.record(&segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.record_tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}
