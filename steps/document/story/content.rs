//! Recognizes the content of files, and their names in comments, titles and prose.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::{document::words, expression::regex};

/// Whether a text is a manifest.
pub(super) fn is_manifest(text: &str) -> bool {
    let has =
        |key: &str| text.lines().any(|line| line.trim_start().trim_start_matches(['"', '-', ' ']).starts_with(key));
    (has("apiVersion:") && has("kind:")) || (has("apiVersion\":") && has("kind\":"))
}

/// Whether a text looks like a manifest, and configures a program: no server has such an object.
pub(super) fn is_configuration(text: &str) -> bool {
    static GROUP: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?m)^(?:apiVersion:\s*\S*(?:config\.k8s\.io|kubeadm\.k8s\.io|kind\.x-k8s\.io|audit\.k8s\.io|client\.authentication\.k8s\.io|eksctl\.io|skaffold)/|kind:\s*(?:Config|EncryptionConfiguration|AdmissionConfiguration|KubeletConfiguration|ClusterConfiguration|InitConfiguration)\s*$)",
        )
    });
    GROUP.is_match(text)
}

/// Whether a text is a Dockerfile.
pub(super) fn is_dockerfile(text: &str) -> bool {
    let has = |word: &str| text.lines().any(|line| line.starts_with(word));
    has("FROM ") && ["RUN ", "COPY ", "CMD ", "ENTRYPOINT ", "ADD ", "WORKDIR ", "EXPOSE "].iter().any(|word| has(word))
}

/// Whether a text is a part of a manifest: most of its lines are fields.
pub(in crate::document) fn is_fragment(text: &str) -> bool {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:- )?[a-zA-Z][\w./-]*:(?: \S.*)?$|^\s*#|^\s*- \S"));
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let fields = lines.iter().filter(|line| FIELD.is_match(line)).count();
    lines.len() > 2 && fields * 10 >= lines.len() * 9 && text.contains("- ")
}

/// Whether a text is a program: most of its lines end or begin as those of a program do.
pub(super) fn is_program(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let begins = [
        "import ",
        "from ",
        "package ",
        "const ",
        "#!/",
        "func ",
        "def ",
        "class ",
        "#include",
        "require(",
        "<!DOCTYPE",
        "<html",
        "var ",
        "let ",
    ];
    begins.iter().any(|begin| first.starts_with(begin))
}

/// The name of a file in a comment that is the first line of its content.
pub(super) fn in_comment(line: &str) -> Option<String> {
    let line = line.trim();
    let comment = ["#", "//", "--", "<!--", "/*"].iter().find_map(|sign| line.strip_prefix(sign))?;
    let words = comment.trim_end_matches("-->").trim_end_matches("*/").trim();
    let words = words
        .strip_prefix("file:")
        .or(words.strip_prefix("File:"))
        .or(words.strip_prefix("filename:"))
        .unwrap_or(words)
        .trim();
    (words.split_whitespace().count() == 1).then(|| file_name(words)).flatten()
}

/// The name of the file that the paragraph before a block announces, if a block of this language may be one of that name.
pub(super) fn in_prose(prose: &str, text: &str, language: &str) -> Option<String> {
    static CONTENT: LazyLock<Regex> = LazyLock::new(|| regex(&format!("(?i){}", words::CONTENT.join("|"))));
    let prose = &without_targets(prose);
    let mut paragraphs = prose.trim().rsplit("\n\n");
    let mut last = paragraphs.next().unwrap_or_default();
    // "The manifest is in the file `web.yaml`." may stand before "It contains:".
    if !last.contains('`') && last.trim_end().ends_with([':', '：']) && names(last).is_empty() {
        let before = paragraphs.next().unwrap_or_default();
        if names(before).len() == 1 && !before.contains("kubectl ") && words::has(before, words::FILE) {
            last = before;
        }
    }
    // A paragraph that is nothing but a name is a title.
    if let [name] = names(last).as_slice()
        && last.trim().trim_matches(['`', '*', '_', ':', '"', '\'']) == name
    {
        return Some(name.clone());
    }
    let announces = last.trim_end().ends_with([':', '：']) || words::has(last, words::FILE);
    let is_yaml = is_manifest(text);
    let is_whole = CONTENT.is_match(&last.replace('`', ""));
    let fits = |name: &String| match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") => true,
        Some("yaml" | "yml") => is_yaml || is_whole || name.contains("kustomization.") && is_kustomization(text),
        Some(extension) => !is_yaml && is_of_language(extension, language, text),
        None => !is_yaml,
    };
    names(last).into_iter().rfind(fits).filter(|_| announces)
}

/// A text without the targets of its links, and without the products that are called as files are: `Node.js`.
fn without_targets(prose: &str) -> String {
    static TARGET: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"\]\([^)\n]*\)|\b(?:Node|Vue|Next|Nuxt|Express|React|Angular|Nest|Three|D3|Chart|Ember|Backbone)\.js\b")
    });
    TARGET.replace_all(prose, "]").into_owned()
}

/// Whether a text is a kustomization; it needs no kind.
pub(super) fn is_kustomization(text: &str) -> bool {
    const FIELDS: [&str; 10] = [
        "resources:",
        "bases:",
        "patches:",
        "patchesStrategicMerge:",
        "configMapGenerator:",
        "secretGenerator:",
        "namePrefix:",
        "nameSuffix:",
        "commonLabels:",
        "namespace:",
    ];
    text.lines().any(|line| FIELDS.iter().any(|field| line.starts_with(field)))
}

/// Whether a file with this extension may have the content of a block in this language.
fn is_of_language(extension: &str, language: &str, text: &str) -> bool {
    const LANGUAGES: [(&str, &str); 8] = [
        ("py", "python py"),
        ("js", "javascript js node"),
        ("go", "go golang"),
        ("java", "java"),
        ("html", "html"),
        ("css", "css"),
        ("sql", "sql"),
        ("md", "markdown md"),
    ];
    let is_known = |language: &str| LANGUAGES.iter().any(|(_, names)| names.split(' ').any(|name| name == language));
    match LANGUAGES.iter().find(|(own, _)| *own == extension) {
        Some((_, names)) if is_known(language) => names.split(' ').any(|name| name == language),
        Some(_) if extension == "md" => false,
        _ => !(is_dockerfile(text) && extension != "Dockerfile"),
    }
}

/// The names of files in a text.
pub(super) fn names(text: &str) -> Vec<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:^|[\s`'\x22(*])((?:[\w.-]+/)*[\w-][\w.-]*\.(?:ya?ml|json|py|js|mjs|ts|sh|txt|conf|cfg|html|css|env|properties|toml|go|java|sql|xml|ini|md|rb|php|tf|key|crt|pem)|(?:[\w.-]+/)*(?:Dockerfile|Containerfile|Makefile)(?:\.\w+)?)(?:[\s`'\x22):,.;*?]|$)",
        )
    });
    NAME.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The name of the file in a title.
pub(super) fn file_name(title: &str) -> Option<String> {
    names(title).pop().filter(|name| !name.contains(".."))
}

/// Whether a text within `value` has a name as a word, if it is one that a program reads.
pub(super) fn reads_name(value: &Value, name: &str, is_read: bool) -> bool {
    const READ: [&str; 6] = ["command", "args", "value", "data", "stringData", "httpGet"];
    let is_end = |letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '_');
    match value {
        Value::String(text) => is_read && text.split(is_end).any(|word| word == name),
        Value::Array(items) => items.iter().any(|item| reads_name(item, name, is_read)),
        Value::Object(fields) => {
            fields.iter().any(|(key, field)| reads_name(field, name, is_read || READ.contains(&key.as_str())))
        }
        _ => false,
    }
}
