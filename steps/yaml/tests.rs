use super::*;

/// What a text means.
fn read_one(text: &str) -> Result<Value, String> {
    let documents = read(text, &Bounds::trusted());
    match documents.into_iter().next().map(|document| document.content) {
        Some(Ok(value)) => Ok(value),
        Some(Err(Unreadable::Unread { line, message })) => Err(format!("{line}: {message}")),
        Some(Err(Unreadable::Bomb)) => Err("bomb".into()),
        None => Ok(Value::Null),
    }
}

#[test]
fn plain_scalars_mean_what_kubectl_takes_them_for() {
    let cases = [
        ("no", "false"),
        ("y", "true"),
        ("on", "true"),
        ("Off", "false"),
        ("yEs", "\"yEs\""),
        ("052", "42"),
        ("0o52", "42"),
        ("08", "8"),
        ("1_000", "1000"),
        ("0x1f", "31"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("+1", "1"),
        ("0b11", "3"),
        ("1:30", "\"1:30\""),
        ("2001-01-01", "\"2001-01-01\""),
        ("18446744073709551615", "1.8446744073709552e19"),
        ("1.0", "1"),
        ("0b-1", "-1"),
        ("_1", "\"_1\""),
        ("'no'", "\"no\""),
        ("!!str no", "\"no\""),
        ("!x no", "\"no\""),
        ("!!float 1", "1"),
        ("!!binary aGk=", "\"hi\""),
        ("! 5", "\"5\""),
        ("1.5_0", "1.5"),
        ("+.5", "0.5"),
    ];
    for (text, json) in cases {
        let expected: Value = serde_json::from_str(&format!("{{\"a\": {json}}}")).unwrap();
        assert_eq!(read_one(&format!("a: {text}\n")), Ok(expected), "{text}");
    }
}

#[test]
fn the_names_of_fields_are_read_as_values_and_written_as_texts() {
    for (key, name) in
        [("no", "false"), ("052", "42"), ("1e6", "1e+06"), ("1.5", "1.5"), ("'no'", "no"), (".inf", ".inf")]
    {
        assert_eq!(read_one(&format!("{key}: x\n")), Ok(serde_json::json!({name: "x"})), "{key}");
    }
    assert!(read_one("~: x\n").is_err());
}

#[test]
fn later_fields_take_the_place_of_earlier_ones() {
    assert_eq!(read_one("a: 1\na: 2\n"), Ok(serde_json::json!({"a": 2})));
    assert_eq!(read_one("a: 1\n<<: {a: 2, b: 3}\nb: 4\n"), Ok(serde_json::json!({"a": 2, "b": 4})));
}

#[test]
fn what_json_does_not_have_may_give_way_to_a_later_field() {
    assert_eq!(read_one("a: {b: [.inf], ~: 1}\na: 2\n"), Ok(serde_json::json!({"a": 2})));
    assert_eq!(read_one("a: &x {b: .nan}\na: {<<: *x, b: 1}\n"), Ok(serde_json::json!({"a": {"b": 1}})));
    assert!(read_one("a: 1\na: .inf\n").is_err() && read_one("a: {b: !!int x}\na: 2\n").is_err());
}

#[test]
fn a_question_mark_ends_no_text_outside_of_brackets() {
    assert_eq!(
        read_one("a: [b] # c?\nd: e?\nf: ['g?']\n"),
        Ok(serde_json::json!({"a": ["b"], "d": "e?", "f": ["g?"]}))
    );
    assert_eq!(read_one("a: [?b: c]\n"), Ok(serde_json::json!({"a": [{"b": "c"}]})));
}

#[test]
fn items_have_the_kind_of_their_list_only_if_they_say_nothing() {
    let read = |item: &str| items(&read_one(&format!("apiVersion: v1\nkind: PodList\nitems: [{item}]\n")).unwrap());
    for item in ["{}", "{kind: ~, apiVersion: ''}", "{kind: 1}"] {
        assert_eq!(read(item), [serde_json::json!({"apiVersion": "v1", "kind": "Pod"})], "{item}");
    }
    assert_eq!(read("{kind: Pod}"), [serde_json::json!({"kind": "Pod"})]);
}

#[test]
fn json_is_read_as_json() {
    assert_eq!(
        read_one(r#"{"a": "\ud83d\ude00 \ud83d \\ud83d"}"#),
        Ok(serde_json::json!({"a": "\u{1f600} \u{fffd} \\ud83d"}))
    );
    assert_eq!(read("{\"a\": 1}{\"b\": 2}\n{\"c\": 052}", &Bounds::trusted()).len(), 3);
    assert_eq!(read_one("{a: no}"), Ok(serde_json::json!({"a": false})));
    assert_eq!(read_one("{\"a\": no}"), Ok(serde_json::json!({"a": false})));
    assert_eq!(read("{\"a\": 1}\n---\nb: 2\n", &Bounds::trusted()).len(), 2);
}

#[test]
fn what_is_wrong_is_said_in_plain_words() {
    let cases = [
        ("a:\n\tb: c\n", "2: a tab is not allowed here"),
        ("a: {{ .Values.x }}\n", "1: {{ begins a template"),
        ("a: b: c\n", "1: a field begins where none may begin"),
        ("a: @b\n", "1: no text begins with @"),
        ("a: .inf\n", "1: inf is not a number"),
        ("a: b\n--- {c: d}\n", "2: {c: d} stands behind ---"),
        ("{\"a\": [1}\n", "1: this is no JSON"),
        ("a: 1\nb: [sh, -c, exit $?]\n", "2: a text with ? between"),
        ("a: {b: /?full, c: 80}\n", "1: a text with ? between"),
        ("a: 1\n---\nitems: [{a: b}]\n", "3: it has `items` but no kind"),
        ("kind: List\nitems: {a: b}\n", "1: `items` must be a list"),
        ("kind: List\nitems: [1]\n", "1: an item of the list is not an object"),
        ("kind: List\nitems: [{kind: List, items: []}]\n", "1: a list must not contain another"),
        ("a:\n- [!x,]\n", "2: a tag, which begins with !, must be followed by a space"),
        ("a: [!,b]\n", "1: a tag,"),
        ("a: [c !d,e!,\"!f,\", !<g>,]\n", "1: a tag,"),
    ];
    for (text, words) in cases {
        let said = read(text, &Bounds::trusted()).into_iter().find_map(|document| document.content.err());
        let Some(Unreadable::Unread { line, message }) = said else { panic!("{text}: {said:?}") };
        assert!(format!("{line}: {message}").starts_with(words), "{text}: {line}: {message}");
    }
}

#[test]
fn commas_after_exclamation_marks_stay_where_no_tag_ends() {
    let text = "a: [b !c,d!,e]\nf: \"!g,\"\nh: !i,j # !k,\nl: |\n  !m,n\n";
    let plain = "a: [b !c,d!,e]\nf: \"!g,\"\n# !k,\nl: |\n  !m,n\n";
    assert!(read_one(text).is_err(), "{:?}", read_one(text));
    assert_eq!(read_one(plain), Ok(serde_json::json!({"a": ["b !c", "d!", "e"], "f": "!g,", "l": "!m,n\n"})));
}

#[test]
fn many_exclamation_marks_before_commas_are_refused_in_plain_words() {
    let many = format!("a:\n- [{}!x,]\n", "b!,".repeat(150));
    let said = "2: too many exclamation marks stand before commas: put the texts in quotation marks";
    assert_eq!(read_one(&many), Err(said.into()));
    // None of these is doubtful: a comma ends what could be a tag, and so does a quotation mark.
    let right = format!("a: [!x {}\"b\"]\nc: [{}]\n", "y,".repeat(150), "\"b!\",".repeat(150));
    assert!(read_one(&right).is_ok(), "{:?}", read_one(&right));
}

#[test]
fn a_text_with_doubtful_tags_is_read_or_refused() {
    for text in ["[!x,]", "{!,: }", "[!!,]", "- !a!b,", "[\u{f0002}!x,]"] {
        let parsed = nodes::parse(text, &Bounds::trusted());
        assert!(parsed.is_err() || parsed.is_ok_and(|tree| !tree.nodes.is_empty()), "{text}");
    }
}

#[test]
fn a_byte_order_mark_says_how_a_file_is_written() {
    for (bytes, expected) in [
        (&b"a"[..], Some("a")),
        (b"\xff\xfea\0\x3d\xd8\x00\xde", Some("a\u{1f600}")),
        (b"\xfe\xff\0a\0", Some("a\u{fffd}")),
        (b"\xef\xbb\xbfa", Some("\u{feff}a")),
        (b"\xe9", None),
    ] {
        assert_eq!(text(bytes).ok().as_deref(), expected, "{bytes:?}");
    }
}
