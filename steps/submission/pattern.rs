//! Names of files that a lab asks for; a name may contain one `*`.

/// A name with one `*` in its last component, such as `src/*.js`.
///
/// As in a shell, `*` matches neither a slash nor a dot at the beginning of a name: `*.js` does not match `.hidden.js`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern<'a> {
    folder: &'a str,
    start: &'a str,
    end: &'a str,
}

impl<'a> Pattern<'a> {
    /// The pattern in a name; `None` if the name is a plain one.
    #[must_use]
    pub fn of(name: &'a str) -> Option<Self> {
        let (folder, last) = split(name);
        let (start, end) = last.split_once('*')?;
        Some(Self { folder, start, end })
    }

    /// The folder of the matched files; empty for the submission's own folder.
    #[must_use]
    pub fn folder(self) -> &'a str {
        self.folder
    }

    /// Whether the pattern matches a file of its folder with this name.
    #[must_use]
    pub fn fits_name(self, name: &str) -> bool {
        let hidden = name.starts_with('.') && !self.start.starts_with('.');
        let long_enough = name.len() >= self.start.len() + self.end.len();
        !hidden && long_enough && name.starts_with(self.start) && name.ends_with(self.end)
    }

    /// Whether the pattern matches this path.
    #[must_use]
    pub fn fits(self, path: &str) -> bool {
        let (folder, name) = split(path);
        folder == self.folder && self.fits_name(name)
    }
}

/// Whether a requested name, plain or a pattern, matches this path.
#[must_use]
pub fn means(wanted: &str, path: &str) -> bool {
    Pattern::of(wanted).map_or(wanted == path, |pattern| pattern.fits(path))
}

/// The folder and the last component of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_as_in_a_shell() {
        let js = Pattern::of("src/*.js").unwrap();
        assert_eq!(js.folder(), "src");
        assert!(js.fits_name("app.js") && !js.fits_name("app.ts") && !js.fits_name(".hidden.js"));
        let both = Pattern::of("ab*ba").unwrap();
        assert!(both.fits_name("abba") && !both.fits_name("aba"));
        assert!(Pattern::of(".*rc").unwrap().fits_name(".eslintrc"));
    }

    #[test]
    fn a_pattern_fits_files_of_its_own_folder_only() {
        assert!(means("src/*.js", "src/app.js") && means("*.js", "app.js"));
        for other in ["app.js", "src/deep/app.js", "lib/app.js", "src/.app.js"] {
            assert!(!means("src/*.js", other), "{other}");
        }
        assert!(!means("*.js", "src/app.js") && !means("*.js", ".app.js"));
    }

    #[test]
    fn a_plain_name_means_itself() {
        assert!(Pattern::of("app.js").is_none() && Pattern::of("a*/app.js").is_none());
        assert!(means("app.js", "app.js") && !means("app.js", "src/app.js"));
    }
}
