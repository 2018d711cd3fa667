use super::*;

#[test]
fn a_text_becomes_a_string_of_toml() {
    for text in ["plain", "a \"quoted\" \\ word", "two\nlines\t", "bell\u{7}, delete\u{7f}", "é ✓"] {
        let table: toml::Table = format!("key = {}", quoted(text)).parse().unwrap();
        assert_eq!(table["key"].as_str(), Some(text));
    }
}
