//! The texts to compare. Random texts are the same each time.

const HEAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n";

const SCALARS: &str = "no yes y n Y N on off On OFF oN true True tRUE false FALSE null Null NULL nULL ~ 052 0o52 0O17 08 09.5 \
    1_000 1__0 _1 1_ 0x1f 0X1F 0x 0xg 0x_1 -0x1 +0x1F 1e3 1E3 1e+3 1e-3 1e 1e400 -1e400 1e21 1e20 123456789012345678 .5 5. -.5 +.5 \
    .5e3 .5_5 ._5 .5_ . .. .e3 .inf .Inf -.inf +.INF .iNF .nan .NaN inf nan 0b11 0B11 0b2 -0b11 +0b1 0b-1 0b 1:30 190:20:30 \
    1:30.5 +1 -1 -0 +0 - + -- +- -0.0 0.0 00 000 0 2001-01-01 2001-1-1 2001-12-14T21:59:43.10-05:00 \
    9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 \
    1.0 1.50 100000000000000000000.0 4611686018427387904.5 1e15 1.7976931348623157e308 5e-324 0.1 1/2 a:b a#b << = ! * & % @ ` | > \
    'no' \"no\" '052' \"\\u00e9\" \"\\ud83d\\ude00\" \"\\x41\" \"\\/\" \"a\\tb\" 'it''s' \"\" '' !!str !!null !x !!str&a \
    !!int&a ? a? a?b ?a $? /?a?b - : , [] {} [a] {a} {a:b} {a:} [a:b] {\"a\":b} [\"a\":b] {'a':1,b} [,] [a,] {,} {a,} {{x}} {{.x}} a\u{a0}b \u{feff}a \
    \u{85} \u{2028} caf\u{e9} \u{1f600} \u{7f} a\u{1}b ---a ... ---";

/// Tags before scalars.
const TAGS: &str = "!!str !!int !!float !!bool !!null !!binary !!timestamp !!seq !!map !!set !x ! !<tag:yaml.org,2002:int> !e!x \
    &a !!str&b";

/// Documents and parts of documents; `HEAD` stands for the beginning of an object.
const DOCUMENTS: [&str; 69] = [
    "HEADa: 1\na: 2\n",
    "HEADa: 1\n---\nHEADa: 2\n",
    "---\nHEADa: 1\n",
    "HEADa: 1\n--- # x\nHEADa: 2\n",
    "HEADa: 1\n---#x\nHEADa: 2\n",
    "HEADa: 1\n--- {a: b}\n",
    "HEADa: 1\n---a\nHEADa: 2\n",
    "HEADa: 1\n----\n",
    "HEADa: 1\n...\nb: 2\n",
    "HEADa: 1\n...\n@@@\n",
    "HEADa: 1\n...\n---\nHEADb: 1\n",
    "%YAML 1.1\n---\nHEADa: 1\n",
    "%TAG ! tag:x,2000:\n---\nHEADa: !y 1\n",
    "%YAML 1.2\nHEADa: 1\n",
    "\u{feff}HEADa: 1\n",
    "\u{feff}---\nHEADa: 1\n",
    "HEADa: 1\n---\n\u{feff}HEADb: 1\n",
    "# x\nHEADa: 1 # y\n",
    "HEADa: 1 #y\nb: 1#y\n",
    "HEADa:\n\tb: 1\n",
    "HEADa:\tb\n",
    "HEADa: b\t\n",
    "HEADa: [\tb,\tc]\n",
    "HEADa:\n  - b\n\t- c\n",
    "\tHEADa: 1\n",
    "HEADa: |\n\tb\n",
    "HEADa: |\n  b\n\tc\n",
    "HEADa: |\n  b\n \n   c\n\n",
    "HEADa: >-\n  b\n  c\n\n  d\n",
    "HEADa: |2+\n    b\n\n",
    "HEADa: |\n b\n---\nHEADa: 2\n",
    "HEADa: \"b\n  c\\\n  d\"\n",
    "HEADa: 'b\n\n  c'\n",
    "HEADa: b\n  c\n",
    "HEADa: b\nc\n",
    "HEADa: &x {b: 1}\nc: {<<: *x, b: 2}\n",
    "HEADa: &x {b: 1}\nc: {b: 2, <<: *x}\n",
    "HEADa: &x {b: 1}\ny: &y {b: 2, d: 3}\nc: {<<: [*x, *y]}\n",
    "HEADa: {<<: 1}\n",
    "HEADa: {<<: [1]}\n",
    "HEADa: {'<<': {b: 1}}\n",
    "HEADa: {<<: {b: 1}, <<: {c: 2}}\n",
    "HEADa: *x\n",
    "HEADa: &x 1\nb: *x\nc: &x 2\nd: *x\n",
    "HEADa: &x no\n*x : 1\n",
    "HEADa: {? b : c, ? d}\n",
    "HEAD? a\n: b\n",
    "HEADa:\n- b\n- c:\n  - d\n",
    "HEADa:\n- - b\n  - c\n",
    "HEADa:\nb:\n",
    "HEADa: - b\n",
    "HEADa: [b, c: d]\n",
    "HEADa: {~: 1}\n",
    "HEADa: {[b]: 1}\n",
    "HEAD\r\na: 1\r\n---\r\nHEADb: 1\r\n",
    "HEADa: 1\r---\rb: 2\r",
    "HEADa: {b: {{ .Values.c }}}\n",
    "HEADa: [sh, -c, exit $?]\n",
    "HEADa: {path: /?full, port: 80}\n",
    "HEADa: {url: http://x/a?b=c}\n",
    "HEADa: [a?\n  b]\n",
    "HEADa: [{b:\n  - c?}]\n",
    "HEADa: [a] # b?\nc: d?\n",
    "HEADa: ['b?', \"c?\"]\n",
    "HEADa: .inf\na: 1\n",
    "HEADa: 1\na: .inf\n",
    "HEADa: {b: [.nan], ~: 1}\na: 2\n",
    "HEADa: {b: !!int x}\na: 2\n",
    "HEADa: &x {b: .inf}\na: {<<: *x, b: 1}\n",
];

/// Lists, and what looks like one; `POD` stands for the metadata of a Pod.
const LISTS: [&str; 20] = [
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, POD}\n",
    "apiVersion: v1\nitems:\n- {apiVersion: v1, kind: Pod, POD}\n",
    "kind: List\nitems:\n- {apiVersion: v1, kind: Pod, POD}\n",
    "apiVersion: v1\nkind: ''\nitems:\n- {apiVersion: v1, kind: Pod, POD}\n",
    "apiVersion: v1\nkind: List\nitems:\n- {POD}\n",
    "apiVersion: v1\nkind: PodList\nitems:\n- {POD}\n",
    "apiVersion: v1\nkind: PodList\nitems:\n- {kind: Pod, POD}\n",
    "apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: v1, POD}\n",
    "apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: '', kind: ~, POD}\n",
    "apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: 1, kind: 2, POD}\n",
    "apiVersion: v1\nkind: Pod\nitems:\n- {POD}\n",
    "apiVersion: v1\nkind: Pod\nPOD\nitems: ~\n",
    "apiVersion: v1\nkind: Pod\nPOD\nitems: []\n",
    "apiVersion: v1\nkind: Pod\nPOD\nitems: 3\n",
    "apiVersion: v1\nkind: List\nitems: {a: b}\n",
    "apiVersion: v1\nkind: List\nitems: [1]\n",
    "apiVersion: v1\nkind: List\nitems: [~]\n",
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, POD, items: 3}\n",
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, POD, items: []}\n",
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, POD}]}\n",
];

/// Texts after a JSON object.
const AFTER: [&str; 12] = [
    "",
    "\n",
    "OBJECT",
    "\nOBJECT",
    "OBJECTOBJECT",
    "\n---\nOBJECT",
    "\n---\nHEADa: no\n",
    "OBJECT\n---\nOBJECT",
    "\n# x\n",
    ",OBJECT",
    "x",
    "\n\n---\n",
];

/// Values of JSON objects.
const JSON: [&str; 32] = [
    "1",
    "1.0",
    "1e3",
    "-0",
    "-0.0",
    "052",
    "no",
    "1e400",
    "18446744073709551616",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\ude00x\"",
    "\"\\ud83d\\u0041\"",
    "\"\\\\ud83d\"",
    "\"\\x41\"",
    "\"\\/\"",
    "\"a\tb\"",
    "\"a\nb\"",
    "'a'",
    "a",
    "[1,]",
    "{\"b\":1,}",
    "{\"b\":1,\"b\":2}",
    "{\"b\":1 // x\n}",
    "NaN",
    ".5",
    "5.",
    "+1",
    "null",
    "true",
    "True",
    "\u{feff}1",
];

/// The characters of random texts.
const LETTERS: &[u8] = b"000111223789..--++__eExXoObBnNyY:fa ~?";

/// The lines of random documents.
const LINES: [&str; 26] = [
    "a: b\n",
    "b:\n",
    "  c: no\n",
    "  - d\n",
    "- e\n",
    "-\n",
    "  f: |\n",
    "   g\n",
    "\n",
    "h: {i: j,\n",
    "  k: l}\n",
    "m: [n,\n",
    "  o]\n",
    "---\nHEAD",
    "# p\n",
    "q: &q {r: 1}\n",
    "s: *q\n",
    "<<: *q\n",
    "t: 'u\n",
    "  v'\n",
    "w: \"x\n",
    "  y\" # z\n",
    "? a\n",
    ": b\n",
    "c: >-\n",
    "  <<: *q\n",
];

/// All texts.
pub(super) fn all() -> impl Iterator<Item = String> {
    let scalars: Vec<String> = scalars().map(str::to_owned).chain(by_chance()).collect();
    let object =
        |value: &str| format!(r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"NAME"}},"a":{value}}}"#);
    let json = JSON.into_iter().map(object);
    let rows = AFTER.into_iter().map(move |after| format!("{}{}", object("1"), after.replace("OBJECT", &object("no"))));
    let good = AFTER.into_iter().map(move |after| format!("{}{}", object("1"), after.replace("OBJECT", &object("2"))));
    let documents = DOCUMENTS.into_iter().map(str::to_owned);
    let windows = DOCUMENTS.into_iter().map(|text| text.replace("HEAD", HEAD).replace('\n', "\r\n"));
    let lists = LISTS.into_iter().map(|text| text.replace("POD", "metadata: {name: NAME}"));
    let tagged = tagged();
    let placed = scalars.into_iter().flat_map(|scalar| placed(&scalar));
    let texts = json
        .chain(rows)
        .chain(good)
        .chain(documents)
        .chain(windows)
        .chain(lists)
        .chain(tagged)
        .chain(lines_by_chance())
        .chain(placed);
    texts.map(|text| text.replace("HEAD", HEAD))
}

/// Scalars in all notations.
pub(super) fn scalars() -> impl Iterator<Item = &'static str> {
    SCALARS.split(' ').filter(|text| !text.is_empty())
}

/// A scalar in each place where one is allowed.
fn placed(scalar: &str) -> [String; 5] {
    ["HEADa: S\n", "HEADS: a\n", "HEADa:\n- S\n", "HEADa: [S, S]\n", "HEADa: {S: S}\n"]
        .map(|place| place.replace('S', scalar).replace("HEAD", HEAD))
}

fn tagged() -> impl Iterator<Item = String> {
    let scalars = ["1", "'1'", "no", "x", "1.5", "''", "", "aGk=", "2001-01-01", "[a]", "{a: b}", "0x1"];
    TAGS.split_whitespace().flat_map(move |tag| scalars.map(|scalar| format!("HEADa: {tag} {scalar}\n")))
}

/// A generator of pseudo-random numbers.
fn chance() -> impl FnMut() -> usize {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or_default()
    }
}

/// Random sequences of lines.
fn lines_by_chance() -> impl Iterator<Item = String> {
    let mut next = chance();
    let mut line = move || LINES[next() % LINES.len()];
    (0..600).map(move |number| format!("HEAD{}", (0..2 + number % 5).map(|_| line()).collect::<String>()))
}

/// Random scalars that resemble numbers.
fn by_chance() -> impl Iterator<Item = String> {
    let mut next = chance();
    (0..400).map(move |_| (0..=next() % 7).map(|_| char::from(LETTERS[next() % LETTERS.len()])).collect::<String>())
}
