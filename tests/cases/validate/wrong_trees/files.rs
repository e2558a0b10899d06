//! Mistakes in files.

use super::{Case, POINTER, more};

/// Cases about files.
pub(super) const CASES: &[Case] = &[
    (
        "device",
        |t| t.file("aux.txt", ""),
        &["tool/aux.txt:1:1 error path-not-allowed"],
    ),
    (
        "colon",
        |t| t.file("a:b", ""),
        &["tool/a:b:1:1 error path-not-allowed"],
    ),
    (
        "backslash",
        |t| t.file("a\\b", ""),
        &["tool/a\\b:1:1 error path-not-allowed"],
    ),
    (
        "trailing dot",
        |t| t.file("d./x", ""),
        &["tool/d./x:1:1 error path-not-allowed"],
    ),
    (
        "spelling of .git",
        |t| t.file("git~1/x", ""),
        &["tool/git~1/x:1:1 error path-not-allowed"],
    ),
    (
        "control character",
        |t| t.file("a\u{7}", ""),
        &["tool/a\\u{7}:1:1 error path-not-allowed"],
    ),
    (
        "several names",
        |t| t.file("nul", "").file("com1", ""),
        &[
            "tool/com1:1:1 error path-not-allowed",
            "tool/nul:1:1 error path-not-allowed",
        ],
    ),
    (
        "case",
        |t| t.file("Readme.MD", ""),
        &["tool/Readme.MD:1:1 error path-collision"],
    ),
    (
        "short name",
        |t| t.file("longfi~1.txt", "").file("longfilename.txt", ""),
        &["tool/longfi~1.txt:1:1 error path-collision"],
    ),
    (
        "absolute link",
        |t| t.link("x", "/etc/passwd"),
        &["tool/x:1:1 error link-not-allowed"],
    ),
    (
        "link out",
        |t| t.link("d/x", "../../up"),
        &["tool/d/x:1:1 error link-not-allowed"],
    ),
    (
        "two links",
        |t| t.link("a", "b").link("b", "a"),
        &[
            "tool/a:1:1 error link-not-allowed",
            "tool/b:1:1 error link-not-allowed",
        ],
    ),
    (
        "users'",
        |t| {
            t.file(".env", "A=1\n")
                .file("custom/a", "")
                .file("custom/b", "")
                .file(".atk-ref", "")
        },
        &[
            "tool/.atk-ref:1:1 warning left-out",
            "tool/.env:1:1 warning left-out",
            "tool/custom:1:1 warning left-out",
        ],
    ),
    (
        "for git",
        |t| t.file(".gitattributes", ""),
        &["tool/.gitattributes:1:1 note git-file-left-out"],
    ),
    (
        "repository",
        |t| t.file("sub/.git/HEAD", ""),
        &["tool/sub:1:1 warning left-out"],
    ),
    (
        "LFS",
        |t| t.file("model.bin", POINTER),
        &["tool/model.bin:1:1 warning lfs-pointer"],
    ),
    (
        "too deep",
        |t| t.file(&format!("{}x", "d/".repeat(65)), ""),
        &[DEEP],
    ),
    (
        "large file",
        |t| t.file("blob", vec![0; (64 << 20) + 1]),
        &["tool/blob:1:1 error too-large"],
    ),
    (
        "rather large",
        |t| t.file("blob", vec![0; 9 << 20]),
        &["tool/plugin.yaml:1:1 warning large-plugin"],
    ),
    (
        "no README",
        |t| t.remove("README.md"),
        &["tool/plugin.yaml:1:1 warning readme-missing"],
    ),
    (
        "keys",
        |t| {
            t.file("a/key", "\n  -----BEGIN OPENSSH PRIVATE KEY-----\n")
                .file("x.py", "KEY = 'AKIAIOSFODNN7EXAMPLE'\n")
        },
        &[
            "tool/a/key:2:3 error secret-committed",
            "tool/x.py:1:8 error secret-committed",
        ],
    ),
    (
        "names of files with secrets",
        |t| {
            t.file("prod.env", "A=1\n")
                .file("d/dev.ENV.bak", "")
                .file("docs/.env.example", "A=\n")
                .file("environment", "")
        },
        &[
            "tool/d/dev.ENV.bak:1:1 warning secret-file",
            "tool/prod.env:1:1 warning secret-file",
        ],
    ),
    (
        "a token in the definition",
        |t| {
            more(
                t,
                "env_vars: [{name: TT, default: ghp_0123456789abcdefghijABCDEFGHIJ456789}]\n",
            )
            .file("x.sh", "$TT")
        },
        &["tool/plugin.yaml:4:32 error secret-committed"],
    ),
    (
        "a placeholder",
        |t| t.file("x", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        &[],
    ),
    (
        "skill without front matter",
        |t| t.file("SKILL.md", "# Tool\n"),
        &["tool/SKILL.md:1:1 error skill-invalid"],
    ),
    (
        "skill that does not end",
        |t| t.file("SKILL.md", "---\nname: tool\n"),
        &["tool/SKILL.md:1:1 error skill-invalid"],
    ),
    (
        "skill without fields",
        |t| t.file("SKILL.md", "---\nx: y\n---\n"),
        &[
            "tool/SKILL.md:2:1 error skill-invalid",
            "tool/SKILL.md:2:1 error skill-invalid",
        ],
    ),
    (
        "skill's name",
        |t| t.file("skills/one/SKILL.md", SKILL),
        &[
            "tool/skills/one/SKILL.md:1:1 warning skill-nested",
            "tool/skills/one/SKILL.md:2:7 error skill-name",
        ],
    ),
    (
        "skill's capitals",
        |t| t.file("SKILL.md", SKILL.replace("name: tool", "name: Tool")),
        &["tool/SKILL.md:2:7 error skill-name"],
    ),
    (
        "skill's description",
        |t| t.file("SKILL.md", SKILL.replace("What", &"What ".repeat(300))),
        &["tool/SKILL.md:3:14 error skill-invalid"],
    ),
    (
        "byte order mark",
        |t| t.file("SKILL.md", format!("\u{feff}{SKILL}")),
        &["tool/SKILL.md:1:1 warning skill-byte-order-mark"],
    ),
    (
        "skill's line ends",
        |t| t.file("SKILL.md", SKILL.replace('\n', "\r\n")),
        &["tool/SKILL.md:1:1 warning skill-line-ends"],
    ),
    (
        "skill below another one, which may be a part of it",
        |t| t.file("SKILL.md", SKILL).file("parts/tool/SKILL.md", SKILL),
        &[],
    ),
    ("a right skill", |t| t.file("SKILL.md", SKILL), &[]),
];

const DEEP: &str = concat!(
    "tool/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/",
    "d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d",
    ":1:1 error too-deep"
);

const SKILL: &str = "---\nname: tool\ndescription: What it does\n---\n# Tool\n";
